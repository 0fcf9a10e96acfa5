/** Which of the compared scenarios to take, in the verdict that opens a comparison. */
import type { Cheapest, Incomparable, Rival } from '../experiment/advice.ts'
import type { Comparison } from '../experiment/compare.ts'
import { dollars, shareText } from './differences.ts'
import type { Block } from './document.ts'
import { countOf, listed } from './phrase.ts'

const REASONS: Readonly<Record<Incomparable, string>> = {
  'no-price': 'There are no costs to choose by.',
  'some-without-price': 'Some have no cost: their Region has no price list.',
  'run-and-month': 'Some cost so much a month and some only for the run: write `billing` for all.',
  'different-lengths':
    'Runs of different lengths do not have costs to choose by: write `billing`, which makes them months.',
}

export function adviceBlock(comparison: Comparison): Block {
  const { advice, results, status } = comparison
  const { meeting, undecided, presetInits, cheapest, incomparable } = advice
  if (status === 'interrupted') {
    return verdict('doubtful', `Interrupted: ${countOf(results.length, 'scenario')} finished.`)
  }
  const open = undecided.length === 0 ? [] : [openLine(comparison)]
  if (meeting !== null && meeting.length === 0) {
    if (undecided.length === 0) return verdict('bad', 'None meets every threshold.')
    return verdict('doubtful', 'None meets every threshold for certain.', open)
  }
  const met =
    meeting === null
      ? []
      : [`${listed(meeting)} ${meeting.length === 1 ? 'meets' : 'meet'} every threshold.`, ...open]
  if (presetInits.length > 0) {
    return verdict('doubtful', 'Nothing is recommended while an init is a stand-in.', [
      ...met,
      `State coldStart.init of ${listed(presetInits)}: until then it is an empty function's, and real functions commonly take 3 to 20 times that.`,
    ])
  }
  if (cheapest !== null) return choice(cheapest, met, meeting !== null)
  const reason = incomparable === null ? [] : [REASONS[incomparable]]
  const [first = 'There is nothing to choose by.', ...others] = [...met, ...reason]
  return verdict('doubtful', first, others)
}

function verdict(tone: 'good' | 'bad' | 'doubtful', text: string, lines: string[] = []): Block {
  return { kind: 'verdict', tone, text, lines }
}

function openLine({ advice, results }: Comparison): string {
  const isMeasured = results.some(
    ({ name, result }) =>
      advice.undecided.includes(name) &&
      result.thresholds.some(({ verdict, value }) => verdict === 'undecided' && value !== null),
  )
  const hint = isMeasured ? 'more replications would tell' : 'nothing of it was measured'
  return `Of ${listed(advice.undecided)} it is undecided: ${hint}.`
}

function choice(cheapest: Cheapest, met: readonly string[], hasThresholds: boolean): Block {
  const { name, alike, next } = cheapest
  const among = hasThresholds ? 'the cheapest of those that meet every threshold' : 'the cheapest'
  const rival = next === null || next.excessUsd === 0 ? [] : [excess(next, cheapest)]
  const lines = [...met, ...rival]
  if (alike.length > 0) {
    const text = `${listed([name, ...alike])} are ${among}, without a detectable difference.`
    return verdict('doubtful', text, lines)
  }
  const text = `${name} is ${among}: ${price(cheapest)}.`
  if (next === null || next.low !== null) return verdict('good', text, lines)
  return verdict('doubtful', text, [...lines, 'One replication tells nothing of chance.'])
}

function price({ costUsd, basis }: Cheapest): string {
  return `${dollars(costUsd)} ${basis === 'month' ? 'a month' : 'for the run'}`
}

function excess({ name, excessUsd, low, high }: Rival, { costUsd, basis }: Cheapest): string {
  const interval = low === null || high === null ? '' : ` (${dollars(low)} to ${dollars(high)})`
  const share = shareText(excessUsd, costUsd)
  return `${name} costs ${dollars(excessUsd)}${interval}${share} more${basis === 'month' ? ' a month' : ''}.`
}
