/** Reads and checks the files that a scenario names, before anything runs. */
import type { ScenarioFiles } from '../kernel/files.ts'
import { loadEmpirical } from '../model/distributions/empirical.ts'
import { arrivalProcess } from '../model/traffic/index.ts'
import type { PathSegment, Problem } from './diagnostics.ts'
import type { Scenario } from './schema/scenario.ts'
import { isMap } from './schema-walk.ts'

export interface ReadScenario {
  /** The scenario with measured values in place of the files that hold them. */
  readonly scenario: Scenario
  readonly problems: readonly Problem[]
}

export async function readScenarioFiles(
  scenario: Scenario,
  files: ScenarioFiles,
): Promise<ReadScenario> {
  const problems: Problem[] = []
  const read = (await withSamples(scenario, [], files, problems)) as Scenario
  // Without its values a distribution cannot be made.
  if (problems.length > 0) return { scenario: read, problems }
  for (const [name, producer] of Object.entries(read.traffic)) {
    const process = arrivalProcess(producer.process)
    const messages = (await process.check?.(producer, files)) ?? []
    const path = ['traffic', name, process.selectedBy ?? process.kind]
    for (const message of messages) problems.push({ path, at: 'value', message })
  }
  return { scenario: read, problems }
}

/** Replaces every `empirical` choice of a file by what the file holds. */
async function withSamples(
  value: unknown,
  path: readonly PathSegment[],
  files: ScenarioFiles,
  problems: Problem[],
): Promise<unknown> {
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const [index, item] of value.entries()) {
      items.push(await withSamples(item, [...path, index], files, problems))
    }
    return items
  }
  // What is no plain map (the program of a state machine) holds no choices.
  if (!isMap(value) || Object.getPrototypeOf(value) !== Object.prototype) return value
  const file = empiricalFile(value)
  if (file !== null) {
    try {
      return { kind: 'empirical', options: await loadEmpirical(file, files) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      problems.push({ path: [...path, 'empirical', 'file'], at: 'value', message })
      return value
    }
  }
  const copy: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    copy[key] = await withSamples(item, [...path, key], files, problems)
  }
  return copy
}

function empiricalFile({ kind, options }: Readonly<Record<string, unknown>>): string | null {
  if (kind !== 'empirical' || !isMap(options)) return null
  return typeof options.file === 'string' ? options.file : null
}
