//! What every lesson must hold to: a test asks it of all, `zklab lesson` of one.

use super::{Block, Condition, Do, Goal, Kind, Lesson, Step, Trouble};
use crate::lab::Lab;

/// Goes through a lesson as it says, and tells all that does not come out as it says: a moment that
/// does not come, a statement that cannot be carried out, a goal that is reached without doing
/// anything, or by a near miss, or not by the solution.
pub fn check(lesson: &Lesson) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let Some(mut lab) = begin(&lesson.scenario, &mut troubles) else { return troubles };
    for step in &lesson.steps {
        if let Some(scenario) = &step.scenario {
            let Some(begun) = begin(scenario, &mut troubles) else { return troubles };
            lab = begun;
        }
        lab = perform(step.run.as_ref(), lab, &mut troubles);
        if let Some(task) = step.goal() {
            lab = check_goal(lesson, step, task, lab, &mut troubles);
        }
        lab = perform(step.after.as_ref(), lab, &mut troubles);
    }
    troubles
}

fn begin(scenario: &Block, troubles: &mut Vec<Trouble>) -> Option<Lab> {
    match scenario.begin() {
        Ok((lab, found)) => {
            troubles.extend(found);
            Some(lab)
        }
        Err(error) => {
            troubles.push(Trouble { line: scenario.above + 1, message: error.to_string() });
            None
        }
    }
}

fn perform(block: Option<&Block>, lab: Lab, troubles: &mut Vec<Trouble>) -> Lab {
    let Some(block) = block else { return lab };
    let (lab, found) = block.perform(lab);
    troubles.extend(found);
    lab
}

/// The state after the solution.
fn check_goal(
    lesson: &Lesson,
    step: &Step,
    task: &Do,
    lab: Lab,
    troubles: &mut Vec<Trouble>,
) -> Lab {
    let goal = Goal::from_now(&lab);
    let mut trouble = |line, message| troubles.push(Trouble { line, message });
    if goal.holding(task, &lab).iter().all(|is_so| *is_so) {
        trouble(step.line, "the goal is reached before anything is done".to_owned());
    }
    let conditions: Vec<(&Condition, bool)> =
        task.clauses.iter().map(|clause| (&clause.condition, clause.is_not)).collect();
    for (name, block) in &task.near_misses {
        let mut run = block.on(lab.clone()).watching(conditions.clone());
        while run.step() {}
        for Trouble { line, message } in block.troubles(&run) {
            trouble(line, format!("near miss {name}: {message}"));
        }
        if let Some(at) = run.watched_at() {
            trouble(block.above, format!("the near miss {name} reaches the goal, at {at}"));
        }
    }
    let (lab, found) = task.solution.perform(lab);
    for Trouble { line, message } in found {
        trouble(line, message);
    }
    for (clause, is_so) in task.clauses.iter().zip(goal.holding(task, &lab)) {
        if !is_so {
            let found = goal.found(clause, &lab);
            trouble(clause.line, format!("the solution does not reach this: {found}"));
        }
    }
    if let Kind::Challenge { best } = lesson.kind {
        let needed = goal.actions(&lab);
        if usize::try_from(best) != Ok(needed) {
            let message = format!("the solution takes {needed} actions, best says {best}");
            trouble(task.solution.above, message);
        }
    }
    lab
}
