import type { ThresholdVerdict } from '../../experiment/result.ts'
import type { Block, Row, Tone } from '../document.ts'
import { inUnit, points } from '../phrase.ts'

export const VERDICT_TONES: Readonly<Record<ThresholdVerdict['verdict'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  undecided: 'doubtful',
}

export const VERDICT_SIGNS: Readonly<Record<ThresholdVerdict['verdict'], string>> = {
  passed: '✓',
  failed: '✗',
  undecided: '≈',
}

/** Every threshold with what was measured and how far that is from the limit. */
export function thresholdBlocks(thresholds: readonly ThresholdVerdict[]): Block[] {
  if (thresholds.length === 0) return []
  const rows = thresholds.map((verdict): Row => {
    const sign = `${VERDICT_SIGNS[verdict.verdict]} ${verdict.verdict}`
    return {
      tone: VERDICT_TONES[verdict.verdict],
      cells: [sign, verdict.threshold.text, measured(verdict)],
    }
  })
  return [
    {
      kind: 'table',
      title: 'Thresholds',
      hasHead: false,
      columns: [
        { title: 'verdict', align: 'left' },
        { title: 'threshold', align: 'left' },
        { title: 'measured', align: 'left' },
      ],
      rows,
    },
  ]
}

/** "320ms, 180ms to spare", "620ms (590ms to 650ms), 120ms too much", or why there is nothing. */
function measured(verdict: ThresholdVerdict): string {
  const { value, margin, unit, ci95Low, ci95High, note } = verdict
  const shown = (number: number) => inUnit(number, unit)
  if (value === null || margin === null) return note
  const interval =
    ci95Low === null || ci95High === null ? '' : ` (${shown(ci95Low)} to ${shown(ci95High)})`
  if (verdict.verdict === 'undecided') return `${shown(value)}${interval}: ${note}`
  if (note !== '') return `${shown(value)}${interval}: ${note}`
  if (margin === 0) return `${shown(value)}${interval}, at the limit`
  const isUpperLimit = verdict.threshold.operator.startsWith('<')
  const beyond = isUpperLimit ? 'too much' : 'too little'
  const distance = unit === 'ratio' ? points(Math.abs(margin)) : shown(Math.abs(margin))
  return `${shown(value)}${interval}, ${distance} ${margin > 0 ? 'to spare' : beyond}`
}
