/**
 * Simulates what was measured on Lambda in 2020 and writes the comparison to results/validation/.
 * Run it with `npm run validate:lambda-2020`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { compare } from './comparison.ts'
import { compileRate, measuredRates, simulateRun, VARIANTS } from './model-2020.ts'
import { csvHeader, csvLine, page, recordedRuns, type VariantResult } from './record-2020.ts'

const RESULTS = new URL('../../results/validation/', import.meta.url)
const NOTES = new URL('./lambda-2020-notes.md', import.meta.url)

const results: VariantResult[] = []
let csv = csvHeader()
for (const variant of VARIANTS) {
  const comparisons = []
  for (const rate of measuredRates()) {
    const compiled = await compileRate(rate, variant)
    const runs = []
    for (let seed = 1; seed <= recordedRuns(rate); seed++) {
      runs.push(await simulateRun(compiled, seed))
    }
    const comparison = compare(rate, runs)
    comparisons.push(comparison)
    csv += csvLine(variant, comparison)
    process.stderr.write(`${variant.id}, ${rate.ratePerSecond}/s\n`)
  }
  results.push({ variant, comparisons })
}
writeFileSync(new URL('lambda-2020.csv', RESULTS), csv)
writeFileSync(new URL('lambda-2020.md', RESULTS), page(results, readFileSync(NOTES, 'utf8')))
