/**
 * What the page of the comparison contains: the library, and what writes its files. Bundled for a
 * browser; `inPage` there.
 */
import { type ScenarioFiles, simulate } from '../../src/index.ts'
import { costCsv, csvHeader, ledgerCsv, summaryCsv } from '../../src/report/csv.ts'
import { runJson } from '../../src/report/json.ts'
import { METRICS_COLUMNS, MetricsCsv } from '../../src/report/metrics-csv.ts'
import type { Outputs, Play } from '../support/plays.ts'

export { goldenTableText } from '../model/distributions/golden-draws.ts'

/** Plays a scenario whose files are what a page has of them: blobs, as from an input for files. */
export async function play(
  { set = [], replications = 1 }: Play,
  text: string,
  contents: Readonly<Record<string, string>>,
): Promise<Outputs> {
  const blobs = new Map(Object.entries(contents).map(([path, each]) => [path, new Blob([each])]))
  const result = await simulate(text, { set, replications, files: blobFiles(blobs) })
  return {
    'metrics.csv': csvHeader(METRICS_COLUMNS) + new MetricsCsv().lines(result.metrics),
    'summary.csv': summaryCsv(result.summary, result.replications),
    'ledger.csv': ledgerCsv(result.ledger),
    'cost.csv': costCsv(result.bill!),
    'run.json': runJson(result),
  }
}

function blobFiles(blobs: ReadonlyMap<string, Blob>): ScenarioFiles {
  const blobOf = (path: string) => {
    const blob = blobs.get(path)
    if (blob === undefined) throw new Error(`the page was given no ${path}`)
    return blob
  }
  return {
    readText: async (path) => blobOf(path).text(),
    readChunks: async function* (path) {
      const reader = blobOf(path).stream().getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        yield value
      }
    },
  }
}
