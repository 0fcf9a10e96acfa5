/** How often an execution calls what, on average and while nothing fails: for forecasts. */
import type { WorkflowReference } from '../../model/workflow/config.ts'
import type { ProgramNode, StateMachineProgram } from '../../model/workflow/program.ts'

/** Rounds of a walk through the program; loops that go on for longer are cut. */
const MOST_ROUNDS = 2_000
const NEGLIGIBLE = 1e-9

export function referencesOf(
  program: StateMachineProgram,
  meanItems: Readonly<Record<string, number>>,
): readonly WorkflowReference[] {
  const calls = new Float64Array(program.sites.length)
  walk(program, meanItems, (node, mass) => {
    if (node.kind === 'task') calls[node.site]! += mass
    return true
  })
  return program.sites.flatMap(({ work }, index): WorkflowReference[] => {
    const meanShare = calls[index]!
    if (work.kind === 'stated') return []
    const to = work.reference
    if (work.kind === 'function') {
      return [{ to, section: 'functions', isAwaited: true, meanShare }]
    }
    if (work.kind === 'execution') {
      return [{ to, section: 'stateMachines', isAwaited: false, meanShare }]
    }
    return [{ to, section: work.section, isAwaited: false, meanShare: meanShare * work.count }]
  })
}

/** States that an execution enters; those of Express children are none of its own. */
export function meanTransitions(
  program: StateMachineProgram,
  meanItems: Readonly<Record<string, number>>,
): number {
  let sum = 0
  walk(program, meanItems, (node, mass) => {
    sum += mass
    return node.kind !== 'map' || node.distributed?.isExpress !== true
  })
  return sum
}

/** Tells how often each node is entered on average; where it answers false, its items are left out. */
function walk(
  program: StateMachineProgram,
  meanItems: Readonly<Record<string, number>>,
  visit: (node: ProgramNode, mass: number) => boolean,
): void {
  let masses = new Map<number, number>()
  for (const [next, share] of sharesOf(program.starts)) {
    masses.set(next, (masses.get(next) ?? 0) + share)
  }
  for (let round = 0; round < MOST_ROUNDS && masses.size > 0; round++) {
    const after = new Map<number, number>()
    for (const [at, mass] of masses) {
      const node = program.nodes[at]
      if (node === undefined || mass < NEGLIGIBLE) continue
      const hasItems = visit(node, mass)
      const ways =
        node.kind === 'map' && !hasItems
          ? ([[node.next, 1]] as const)
          : waysFrom(node, program, meanItems)
      for (const [next, share] of ways) after.set(next, (after.get(next) ?? 0) + mass * share)
    }
    masses = after
  }
}

function sharesOf(ways: readonly { readonly upTo: number; readonly next: number }[]) {
  return ways.map(({ upTo, next }, index) => [next, upTo - (ways[index - 1]?.upTo ?? 0)] as const)
}

function waysFrom(
  node: ProgramNode,
  { states }: StateMachineProgram,
  meanItems: Readonly<Record<string, number>>,
): readonly (readonly [number, number])[] {
  switch (node.kind) {
    case 'pass':
    case 'wait':
      return [[node.next, 1]]
    case 'choice':
      return sharesOf(node.ways)
    case 'task':
      return sharesOf(node.outcomes)
    case 'parallel':
      return [...node.branches.map((start) => [start, 1] as const), [node.next, 1]]
    case 'map': {
      const stated = Math.min(node.mostItems, meanItems[states[node.state]!] ?? 0)
      const count = node.count ?? stated
      const children = count / (node.distributed?.itemsPerBatch ?? 1)
      const each = children / Math.max(1, node.items.length)
      return [...node.items.map((start) => [start, each] as const), [node.next, 1]]
    }
    default:
      return []
  }
}
