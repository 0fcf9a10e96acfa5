/** Who waits for executions, and of which state machines nobody can. */
import { isSynchronous, NEEDS_EXPRESS } from '../../model/workflow/actions.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { placedReferences, resolveProducerTarget, resolveTarget } from '../nodes.ts'
import type { PartialScenario } from '../validate.ts'

export function checkExecutions(partial: PartialScenario): readonly Problem[] {
  const fault = (path: readonly PathSegment[]): Problem => ({
    path,
    at: 'value',
    message: NEEDS_EXPRESS,
  })
  const ofTraffic = [...partial.traffic].flatMap(([name, producer]): Problem[] => {
    if (producer === null || !isSynchronous(producer.action)) return []
    const resolution = resolveProducerTarget(partial, producer.to)
    const isMeant = resolution.ok && resolution.node.section === 'stateMachines'
    if (!isMeant || !isStandard(partial, resolution.node.name)) return []
    return [fault(['traffic', name, 'action'])]
  })
  const ofCalls = placedReferences(partial).flatMap((reference): Problem[] => {
    const { isAwaited, path, sections, sends, to } = reference
    if (isAwaited !== true || !sends || !sections.includes('stateMachines')) return []
    const resolution = resolveTarget(partial, to, sections)
    if (!resolution.ok || !isStandard(partial, resolution.node.name)) return []
    return [fault([...path.slice(0, -1), 'action'])]
  })
  return [...ofTraffic, ...ofCalls]
}

function isStandard({ resources }: PartialScenario, name: string): boolean {
  const machine = resources.get('stateMachines')?.get(name) as
    | { readonly type: string }
    | null
    | undefined
  return machine?.type === 'STANDARD'
}
