// Trunk's hook after a build. A release is split in two (scripts/split) and made small (scripts/pack.mjs);
// any other build stays as it is. With ZKLAB_FIRST_VISIT set the page is made to note what a first visit runs.

const { TRUNK_PROFILE, TRUNK_STAGING_DIR, ZKLAB_FIRST_VISIT } = process.env;
if (TRUNK_PROFILE === "release") {
  // Another build does without what they need.
  const { splitPage } = await import("./split/split.mjs");
  const { pack } = await import("./pack.mjs");
  await splitPage(TRUNK_STAGING_DIR, ZKLAB_FIRST_VISIT !== undefined);
  pack(TRUNK_STAGING_DIR);
}
