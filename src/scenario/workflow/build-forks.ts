/** Nodes of Parallel and Map states. */
import { LARGEST_DOCUMENT_BYTES } from '../../model/workflow/limits.ts'
import type { DistributedMap, ProgramNode } from '../../model/workflow/program.ts'
import { handlingOf } from './handling.ts'
import { PathFault, readPath } from './json-path.ts'
import { canonical, type Fields, isKnown, isObject, isOpen, UNKNOWN } from './known.ts'
import { type Lack, stated } from './lacks.ts'
import { type Expander, executionContext, type FlowResult, type Situation } from './situation.ts'
import { documentBytes } from './size-limit.ts'
import { numberOf } from './state-numbers.ts'
import { fill, selected } from './templates.ts'

const SHARE = { least: 0, most: 100, isWhole: false }
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
  const { next, error: endError } = await expander.exit(place, results, place.state)
  const handling = await handlingOf(expander, place)
  return { kind: 'parallel', state, branches, next, endError, ...handling }
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
  const isOwnRun = isDistributed(processor)
  const items = await itemsOf(expander, place, isOwnRun)
  const isFollowed = items !== null && items.length <= MOST_ITEMS && own.ItemBatcher === undefined
  const followed = isFollowed ? items : [UNKNOWN_ITEM]
  const starts: number[] = []
  const results: unknown[] = []
  const byItem = new Map<string, FlowResult>()
  for (const [index, item] of followed.entries()) {
    const ofItem = { ...item.context, Index: isFollowed ? index : UNKNOWN, Source: UNKNOWN }
    const selecting: Fields = { ...flow.context, Map: { Item: ofItem } }
    const document = await itemInput(place, item.input, selecting)
    // A child execution has an input of its own.
    const context: Fields = isOwnRun
      ? { ...selecting, Execution: executionContext(document) }
      : selecting
    const usesContext = JSON.stringify(processor).includes('Map.Item')
    const identity = `${canonical(document)}${usesContext ? canonical(context.Map) : ''}`
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
  const { next, error: endError } = await expander.exit(place, result, own)
  const isOne = byItem.size === 1
  return {
    kind: 'map',
    state,
    items: isOne ? starts.slice(0, 1) : starts,
    count: expander.steering.items.has(name) ? null : (items?.length ?? null),
    mostItems: (await mostItemsOf(expander, place)) ?? Number.MAX_SAFE_INTEGER,
    maxConcurrency: (await numberOf(expander, place, 'MaxConcurrency', { least: 0 })) ?? 0,
    next,
    endError,
    distributed: await distributed(expander, place, processor, items),
    ...(await handlingOf(expander, place)),
  }
}

interface Item {
  /** What its iteration begins with, where no ItemSelector says otherwise. */
  readonly input: unknown
  /** Of `$$.Map.Item`. */
  readonly context: Fields
}

const UNKNOWN_ITEM: Item = { input: UNKNOWN, context: { Key: UNKNOWN, Value: UNKNOWN } }

/**
 * What a Map goes through: the elements of an array or, in JSONata and where it is distributed, the
 * fields of an object; undefined where it is neither.
 * Source: AWS Step Functions developer guide, "ItemsPath", "Items".
 */
function itemsIn(value: unknown, mayBeObject: boolean): readonly Item[] | undefined {
  if (Array.isArray(value)) {
    return (value as unknown[]).map((each) => ({ input: each, context: { Value: each } }))
  }
  if (!mayBeObject || !isObject(value) || isOpen(value)) return undefined
  return Object.entries(value).map(([key, field]) => {
    const context = { Key: key, Value: field }
    return { input: context, context }
  })
}

/** null: as many as the scenario states. */
async function itemsOf(
  expander: Expander,
  place: Situation,
  isOwnRun: boolean,
): Promise<readonly Item[] | null> {
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
  const mayBeObject = isJsonata || isOwnRun
  const found = itemsIn(items, mayBeObject)
  if (found !== undefined) return found
  const isOpenObject = mayBeObject && isObject(items) && isOpen(items)
  if (items !== UNKNOWN && !isOpenObject) throw new PathFault('what a Map goes through is no array')
  const lack: Lack = { key: 'items', name, value: '10' }
  const message = `how many items \`${name}\` has depends on data that is not known: state ${stated(lack)}`
  expander.tell(path, message, 'key', lack)
  return null
}

/** What the reader of a file stops at. */
function mostItemsOf(expander: Expander, place: Situation): Promise<number | null> {
  const { ItemReader: reader } = place.state
  const own = isObject(reader) && isObject(reader.ReaderConfig) ? reader.ReaderConfig : {}
  return numberOf(expander, place, 'MaxItems', { least: 1, own })
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

function configOf({ ProcessorConfig: config }: Fields): Fields {
  return isObject(config) ? config : {}
}

/** Whether its iterations are executions of their own, of a Map Run. */
function isDistributed(processor: Fields): boolean {
  return configOf(processor).Mode === 'DISTRIBUTED'
}

async function distributed(
  expander: Expander,
  place: Situation,
  processor: Fields,
  items: readonly Item[] | null,
): Promise<DistributedMap | null> {
  if (!isDistributed(processor)) return null
  const { ItemBatcher: batcher } = place.state
  const size = isObject(batcher) ? await batchSize(expander, place, batcher, items) : null
  const percentage = await numberOf(expander, place, 'ToleratedFailurePercentage', SHARE)
  if (isObject(batcher) && size === null) {
    expander.warn(
      `state ${place.name}: batches without a known MaxItemsPerBatch of items that are not known are taken to hold one item each`,
    )
  }
  return {
    isExpress: configOf(processor).ExecutionType === 'EXPRESS',
    itemsPerBatch: Math.max(1, size ?? 1),
    toleratedCount: await numberOf(expander, place, 'ToleratedFailureCount', { least: 0 }),
    toleratedShare: percentage === null ? null : percentage / 100,
  }
}

/**
 * Items of each batch: as many as MaxItemsPerBatch says, and as are within MaxInputBytesPerBatch on
 * average where they are known. null: nothing says how many.
 */
async function batchSize(
  expander: Expander,
  place: Situation,
  own: Fields,
  items: readonly Item[] | null,
): Promise<number | null> {
  const most = await numberOf(expander, place, 'MaxItemsPerBatch', { least: 1, own })
  const bytes = await numberOf(expander, place, 'MaxInputBytesPerBatch', { least: 1, own })
  const documents = items?.map(({ input }) => input) ?? []
  let byBytes = Number.POSITIVE_INFINITY
  if (documents.length > 0 && isKnown(documents)) {
    const limit = Math.min(bytes ?? LARGEST_DOCUMENT_BYTES, LARGEST_DOCUMENT_BYTES)
    byBytes = Math.floor((limit * documents.length) / documentBytes(documents))
  }
  const size = Math.min(most ?? Number.POSITIVE_INFINITY, byBytes)
  return size < Number.POSITIVE_INFINITY ? size : null
}

function onlyOne(outputs: ReadonlyMap<string, unknown>): unknown {
  return outputs.size === 1 ? [...outputs.values()][0] : UNKNOWN
}
