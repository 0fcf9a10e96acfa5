/** Scenarios that are run beside each other. */
import type { Contender } from '../experiment/compare.ts'
import type { RunProgress } from '../experiment/run.ts'
import { valueText } from '../scenario/overlay.ts'
import { AS_WRITTEN } from '../scenario/schema/variants.ts'
import type { CommandIo } from './io.ts'
import type { ProgressDisplay } from './progress.ts'
import { type OpenedScenario, openNamed, type ScenarioChanges } from './scenario-source.ts'

export interface Opened {
  readonly name: string
  /** Which of the file's variants it is; null: the file itself. */
  readonly variant: string | null
  readonly source: OpenedScenario
}

/** A file as written, and each of its variants. null: some are invalid, and the person has been told. */
export async function openWithVariants(
  file: string,
  changes: ScenarioChanges,
  io: CommandIo,
): Promise<readonly Opened[] | null> {
  const written = await openNamed(file, changes, io)
  if (written === null) return null
  const variants = Object.keys(written.scenario.scenario.variants)
  const opened: Opened[] = [{ name: AS_WRITTEN, variant: null, source: written }]
  for (const variant of variants) {
    const source = await openNamed(file, { ...changes, variant }, io)
    if (source !== null) opened.push({ name: variant, variant, source })
  }
  return opened.length === variants.length + 1 ? opened : null
}

export function contenderOf({ name, variant, source }: Opened): Contender {
  const { scenario, files } = source
  const overlay = variant === null ? {} : (scenario.scenario.variants[variant] ?? {})
  const changes = Object.entries(overlay).map(([path, value]) => ({
    path,
    value: value === null ? null : valueText(value),
  }))
  return { name, identity: scenario, files, changes }
}

/** One bar for `runs` scenarios, of which `run` are done. */
export function progressOverRuns(
  display: ProgressDisplay | null,
  replications: number,
  runs: number,
): ((progress: RunProgress, run: number) => void) | null {
  if (display === null) return null
  return (progress, run) =>
    display.update({
      ...progress,
      replication: run * replications + progress.replication,
      replications: runs * replications,
    })
}
