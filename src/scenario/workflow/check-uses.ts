/** Times and exceptions of tasks for which they do not hold, which is clear when their nodes are. */
import { bareName } from '../../model/node-names.ts'
import type { StateMachineConfig } from '../../model/workflow/config.ts'
import type { StateMachineProgram, TaskSite } from '../../model/workflow/program.ts'
import type { ReportScenario } from './steering.ts'

export function checkUses(
  { durations, errors }: Pick<StateMachineConfig, 'durations' | 'errors'>,
  { sites, states }: StateMachineProgram,
  report: ReportScenario,
): void {
  const sitesOf = (state: string) => sites.filter((site) => states[site.state] === state)
  for (const state of Object.keys(durations)) {
    const lengths = sitesOf(state).map(lengthOf)
    const [first] = lengths
    if (first === undefined || lengths.includes(null)) continue
    report(['durations', state], `\`${state}\` takes as long as ${first}, whatever is stated here`)
  }
  for (const state of Object.keys(errors)) {
    const kinds = sitesOf(state).map(({ work }) => work.kind)
    if (kinds.length === 0 || kinds.includes('function')) continue
    const message = `\`${state}\` calls no function that throws exceptions: how often it fails stands in \`results: { ${state}: [{ share: 5%, error: NAME }, ...] }\``
    report(['errors', state], message)
  }
}

/** What a task's length is that of; null: the stated time. */
function lengthOf({ pattern, work }: TaskSite): string | null {
  if (work.kind === 'function' && pattern === 'request-response') {
    return `the function ${bareName(work.reference)} that it calls`
  }
  if (work.kind === 'execution' && work.isAwaited) {
    return `the execution of ${bareName(work.reference)} that it waits for`
  }
  return null
}
