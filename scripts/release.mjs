// Trunk's hook after a build. A release is split in two (scripts/split) and made small (scripts/pack.mjs);
// any other build stays as it is. With ZKLAB_FIRST_VISIT set the page is made to note what a first visit runs.

import { pack } from "./pack.mjs";
import { splitPage } from "./split/split.mjs";

const { TRUNK_PROFILE, TRUNK_STAGING_DIR, ZKLAB_FIRST_VISIT } = process.env;
if (TRUNK_PROFILE === "release") {
  await splitPage(TRUNK_STAGING_DIR, ZKLAB_FIRST_VISIT !== undefined);
  pack(TRUNK_STAGING_DIR);
}
