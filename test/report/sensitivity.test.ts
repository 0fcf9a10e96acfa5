import { describe, expect, it } from 'vitest'
import type { ThresholdVerdict } from '../../src/experiment/result.ts'
import type { Outcome, Sensitivity, VariedOutcome } from '../../src/experiment/sensitivity.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { sensitivityBlocks, sensitivityRows } from '../../src/report/sensitivity.ts'
import { renderText } from '../../src/report/text.ts'
import { calmResult } from './fixtures.ts'

function threshold(text: string, verdict: ThresholdVerdict['verdict']): ThresholdVerdict {
  return {
    threshold: { text } as ThresholdVerdict['threshold'],
    verdict,
    value: 123_456,
    ci95Low: null,
    ci95High: null,
    unit: 'count',
    margin: 0,
    note: '',
  }
}

const OUTCOME: Outcome = {
  headlines: [{ fact: 'throttled', names: ['checkout'], count: 12 }],
  thresholds: [threshold('a.Errors.sum < 1', 'passed')],
  cheapest: null,
}

function varied(id: string, label: string, overrides: Partial<VariedOutcome> = {}): VariedOutcome {
  return { ...OUTCOME, id, label, set: {}, isSameRun: false, changes: [], ...overrides }
}

function sensitivity(
  overrides: Partial<Sensitivity> = {},
  outcome: Outcome = OUTCOME,
): Sensitivity {
  const alternatives = overrides.alternatives ?? [varied('placement', 'no time')]
  return {
    status: 'complete',
    replications: 1,
    planned: alternatives.length,
    asWritten: { result: calmResult(), outcome },
    alternatives,
    presetInits: [],
    notVaried: [],
    ...overrides,
  }
}

function text(shown: Sensitivity): string {
  return renderText(sensitivityBlocks(shown), PLAIN, 80)
}

describe('what run --sensitivity shows', () => {
  it('counts alternatives and assumptions where all hold', () => {
    const alternatives = [
      varied('placement', 'no time'),
      varied('placement', 'twice as long'),
      varied('hand-over', 'busy'),
    ]
    expect(text(sensitivity({ alternatives }))).toMatch(
      /^✓ The outcome holds under all 3 alternatives of 2 assumptions\.\n\nAs written\n/,
    )
  })

  it('says each change once, with the alternatives that make it', () => {
    const changes = [
      { kind: 'headline', subject: 'throttled', from: 'checkout', to: 'none' },
    ] as const
    const alternatives = ['a', 'b', 'c', 'd'].map((label) =>
      varied('keep-alive', label, { changes }),
    )
    expect(text(sensitivity({ alternatives }))).toContain(
      '≈ 4 of 4 alternatives change the outcome.\n' +
        '  keep-alive: throttled is none instead of checkout (a, b and 2 more).\n',
    )
  })

  it('leaves to the table what would fill the screen', () => {
    const alternatives = Array.from({ length: 9 }, (_, index) =>
      varied(`assumption-${index}`, 'otherwise', {
        changes: [{ kind: 'cheapest', subject: 'cheapest', from: 'one', to: 'other' }],
      }),
    )
    const shown = text(sensitivity({ alternatives }))
    expect(shown).toContain('assumption-5: cheapest is other instead of one (otherwise).')
    expect(shown).toContain('And 3 changes more, in the table.')
  })

  it('keeps the table within 80 columns, whatever there is to show', () => {
    const thresholds = Array.from({ length: 9 }, (_, index) =>
      threshold(`a.M${index}.sum < 1`, 'failed'),
    )
    const shown = text(
      sensitivity(
        { alternatives: [varied('placement', 'no time', { thresholds })] },
        { ...OUTCOME, thresholds },
      ),
    )
    expect(shown.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(shown).toMatch(/Alternatives +outcome +T1 +T2 +T3 +T4 +T5\n/)
    expect(shown).toContain('T9 ✗')
  })

  it('says what the outcome does not cover', () => {
    const headlines = [...OUTCOME.headlines, { fact: 'lost', names: [], count: 0 }]
    const bare = { headlines, thresholds: [], cheapest: null }
    expect(text(sensitivity({ alternatives: [varied('init', 'long', bare)] }, bare))).toContain(
      '  No threshold is written: the outcome is only what is throttled or lost.\n',
    )
    const open = { ...OUTCOME, thresholds: [threshold('a.Errors.sum < 1', 'undecided')] }
    expect(text(sensitivity({}, open))).toContain('  T1 is undecided as written, ')
    expect(text(sensitivity({ presetInits: ['checkout'] }))).toContain(
      '  Which variant is the cheapest is not told: coldStart.init of checkout',
    )
  })

  it('says how far it came where it was interrupted', () => {
    expect(text(sensitivity({ status: 'interrupted', planned: 5 }))).toMatch(
      /^≈ Interrupted: 1 of 5 alternatives finished\.\n/,
    )
    expect(text(sensitivity({ status: 'interrupted', asWritten: null, alternatives: [] }))).toBe(
      '≈ Interrupted before the scenario as written had ended.\n',
    )
  })

  it('has a table in Markdown', () => {
    expect(renderMarkdown(sensitivityBlocks(sensitivity()))).toContain(
      '| instead | outcome | T1 | throttled |\n| --- | --- | ---: | ---: |\n| as written |  | 123,456 ✓ | 12 |\n',
    )
  })
})

describe('the rows of sensitivity.csv', () => {
  it('begin with the run as written and mark what is changed', () => {
    const changes = [
      { kind: 'threshold', subject: 'a.Errors.sum < 1', from: 'passed', to: 'failed' },
    ] as const
    const thresholds = [threshold('a.Errors.sum < 1', 'failed')]
    const rows = sensitivityRows(
      sensitivity({ alternatives: [varied('placement', 'no time', { changes, thresholds })] }),
    )
    expect(
      rows.map(({ assumption, kind, outcome, isChanged }) => [
        assumption,
        kind,
        outcome,
        isChanged,
      ]),
    ).toEqual([
      ['', 'headline', 'checkout', false],
      ['', 'threshold', 'passed', false],
      ['placement', 'headline', 'checkout', false],
      ['placement', 'threshold', 'failed', true],
    ])
  })
})
