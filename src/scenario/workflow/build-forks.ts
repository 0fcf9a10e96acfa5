/** Nodes of Parallel and Map states. */
import { LARGEST_DOCUMENT_BYTES } from '../../model/workflow/limits.ts'
import type { DistributedMap, ProgramNode } from '../../model/workflow/program.ts'
import { PathFault, readPath } from './json-path.ts'
import { canonical, type Fields, isKnown, isObject, UNKNOWN } from './known.ts'
import { type Expander, type FlowResult, type Situation, writtenKey } from './situation.ts'
import { documentBytes } from './size-limit.ts'
import { fill, selected, textValue } from './templates.ts'

/** Items whose own data is followed. */
const MOST_ITEMS = 1_000

export async function buildParallel(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { path, flow, isJsonata, variables } = place
  const input = await expander.payload(place)
  const branches: number[] = []
  const results: unknown[] = []
  for (const [index, branch] of (place.state.Branches as readonly Fields[]).entries()) {
    const inner = [...path, 'Branches', index]
    const { start, outputs } = await expander.expandFlow(
      branch,
      inner,
      isJsonata,
      input,
      variables,
      flow.context,
    )
    branches.push(start)
    results.push(onlyOne(outputs))
  }
  const { next, error } = await expander.exit(place, results, place.state)
  if (error !== null) expander.warn(`state ${place.name} fails with ${error} at its end`)
  return { kind: 'parallel', state, branches, next, ...(await expander.handling(place)) }
}

export async function buildMap(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { name, path, flow, variables } = place
  const own = place.state
  const key = own.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor'
  const processor = own[key] as Fields
  const items = await itemsOf(expander, place)
  const isFollowed = items !== null && items.length <= MOST_ITEMS && own.ItemBatcher === undefined
  const documents = isFollowed ? items : [UNKNOWN]
  const starts: number[] = []
  const results: unknown[] = []
  const byItem = new Map<string, FlowResult>()
  for (const [index, item] of documents.entries()) {
    const context: Fields = {
      ...flow.context,
      Map: { Item: { Index: isFollowed ? index : UNKNOWN, Value: item } },
    }
    const document = await itemInput(place, item, context)
    const usesContext = JSON.stringify(processor).includes('Map.Item')
    const identity = `${canonical(document)}${usesContext ? canonical(context) : ''}`
    let result = byItem.get(identity)
    if (result === undefined) {
      const inner = [...path, key]
      result = await expander.expandFlow(
        processor,
        inner,
        place.isJsonata,
        document,
        variables,
        context,
      )
      byItem.set(identity, result)
    }
    starts.push(result.start)
    results.push(onlyOne(result.outputs))
  }
  const result = isFollowed && own.ResultWriter === undefined ? results : UNKNOWN
  const { next } = await expander.exit(place, result, own)
  const isOne = byItem.size === 1
  return {
    kind: 'map',
    state,
    items: isOne ? starts.slice(0, 1) : starts,
    count: expander.steering.items.has(name) ? null : (items?.length ?? null),
    maxConcurrency: (await number(expander, place, 'MaxConcurrency')) ?? 0,
    next,
    distributed: await distributed(expander, place, processor, items),
    ...(await expander.handling(place)),
  }
}

/** null: as many as the scenario states. */
async function itemsOf(expander: Expander, place: Situation): Promise<readonly unknown[] | null> {
  const { name, path, evaluation, isJsonata } = place
  const own = place.state
  if (expander.steering.items.has(name)) return null
  let items: unknown = UNKNOWN
  if (own.ItemReader === undefined) {
    if (!isJsonata) {
      const input = selected(own.InputPath, evaluation)
      items = readPath(String(own.ItemsPath ?? '$'), { ...evaluation, input })
    } else if (own.Items === undefined) items = place.input
    else items = await fill(own.Items, evaluation)
  }
  if (Array.isArray(items)) return items as readonly unknown[]
  if (items !== UNKNOWN) throw new PathFault('what a Map goes through is no array')
  const message = `how many items \`${name}\` has depends on data that is not known: state \`items: { ${writtenKey(name)}: 10 }\``
  expander.tell(path, message, 'key')
  return null
}

async function itemInput(place: Situation, item: unknown, context: Fields): Promise<unknown> {
  const { evaluation, isJsonata } = place
  const own = place.state
  if (isObject(own.ItemBatcher)) {
    const { BatchInput: batchInput } = own.ItemBatcher
    const batch: Fields = { Items: UNKNOWN }
    if (batchInput !== undefined) batch.BatchInput = await fill(batchInput, evaluation)
    return batch
  }
  const template = own.ItemSelector ?? (isJsonata ? undefined : own.Parameters)
  if (template === undefined) return item
  const input = isJsonata ? place.input : selected(own.InputPath, evaluation)
  return fill(template, { ...evaluation, input, context })
}

async function distributed(
  expander: Expander,
  place: Situation,
  processor: Fields,
  items: readonly unknown[] | null,
): Promise<DistributedMap | null> {
  const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {}
  if (config.Mode !== 'DISTRIBUTED') return null
  const batcher = isObject(place.state.ItemBatcher) ? place.state.ItemBatcher : {}
  const size = batchSize(batcher, items)
  const percentage = await number(expander, place, 'ToleratedFailurePercentage')
  if (place.state.ItemBatcher !== undefined && size === null) {
    expander.warn(
      `state ${place.name}: batches without a MaxItemsPerBatch of items that are not known are taken to hold one item each`,
    )
  }
  return {
    isExpress: config.ExecutionType === 'EXPRESS',
    itemsPerBatch: Math.max(1, size ?? 1),
    toleratedCount: await number(expander, place, 'ToleratedFailureCount'),
    toleratedShare: percentage === null ? null : percentage / 100,
  }
}

/**
 * Items of each batch: as many as MaxItemsPerBatch says, and as are within MaxInputBytesPerBatch on
 * average where they are known. null: nothing says how many.
 */
function batchSize(
  { MaxItemsPerBatch: most, MaxInputBytesPerBatch: bytes }: Fields,
  items: readonly unknown[] | null,
): number | null {
  const byCount = typeof most === 'number' ? most : Number.POSITIVE_INFINITY
  let byBytes = Number.POSITIVE_INFINITY
  if (items !== null && items.length > 0 && isKnown(items)) {
    const limit = typeof bytes === 'number' ? bytes : LARGEST_DOCUMENT_BYTES
    byBytes = Math.floor((limit * items.length) / documentBytes(items))
  }
  const size = Math.min(byCount, byBytes)
  return size < Number.POSITIVE_INFINITY ? size : null
}

/** A number that the state, a path or an expression gives; null: none. */
async function number(expander: Expander, place: Situation, key: string): Promise<number | null> {
  const { evaluation, isJsonata, name } = place
  const own = place.state
  let given: unknown = own[key]
  if (own[`${key}Path`] !== undefined) given = readPath(String(own[`${key}Path`]), evaluation)
  else if (isJsonata && typeof given === 'string') given = await textValue(given, evaluation)
  if (given === UNKNOWN) {
    expander.warn(`state ${name}: ${key} depends on data that is not known, so that there is none`)
  }
  return typeof given === 'number' ? given : null
}

function onlyOne(outputs: ReadonlyMap<string, unknown>): unknown {
  return outputs.size === 1 ? [...outputs.values()][0] : UNKNOWN
}
