/**
 * Definitions whose data is all known, right or wrong: each is accepted or told about, none stops the
 * program, and what is accepted comes to its end without being steered.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { NO_FILES } from '../support/run.ts'
import { runWorkflow, workflow } from '../support/workflows.ts'

type Json = Record<string, unknown>

const scalar = fc.constantFrom<unknown>(
  null,
  true,
  0,
  3,
  -1,
  2.5,
  '',
  'text',
  '2026-03-02T00:00:05Z',
)
const element = fc.oneof(scalar, fc.record({ x: scalar, y: fc.constant(2) }))
const document = fc.oneof(
  fc.record(
    { a: scalar, b: fc.record({ c: scalar }), list: fc.array(element, { maxLength: 4 }) },
    { requiredKeys: [] },
  ),
  fc.array(element, { maxLength: 3 }),
  scalar,
)

const path = fc.constantFrom(
  '$',
  '$.a',
  '$.b.c',
  '$.list',
  '$.list[0]',
  '$.list[-1].x',
  '$.list[*].x',
  '$.list[?(@.x > 1)]',
  '$.list[0:2]',
  '$..x',
  '$.list.length()',
  '$$.Execution.Input.a',
  '$$.State.Name',
  '$v',
  '$v.x',
)
const computed = fc.oneof(
  path,
  fc.constantFrom(
    "States.Format('{}-{}', $.a, $.b.c)",
    'States.ArrayLength($.list)',
    'States.ArrayGetItem($.list, 1)',
    'States.ArrayPartition($.list, 2)',
    'States.StringToJson($.a)',
    'States.MathAdd($.a, 1)',
    'States.JsonMerge($.b, $.list[0], false)',
    'States.ArrayRange($.a, 5, $.b.c)',
  ),
)
const pathOrNone = fc.option(path)
const resultPath = fc.option(fc.constantFrom('$', '$.r', '$.a.b', '$.list[0]', '$.b.c'))
const template = fc.record({ 'f.$': computed, 'g.$': path, h: scalar })

/** Fields by which JSONPath moves data. */
const shaping = (keys: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(keys, { requiredKeys: [] })

const rule: fc.Arbitrary<Json> = fc.letrec<{ rule: Json }>((tie) => ({
  rule: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(
        path,
        fc.constantFrom('IsPresent', 'IsNull', 'IsNumeric', 'BooleanEquals'),
        fc.boolean(),
      )
      .map(([variable, operator, value]) => ({ Variable: variable, [operator]: value })),
    fc.record({ Variable: path, NumericLessThanPath: path }),
    fc.record({ Variable: path, StringMatches: fc.constantFrom('*', 't*t') }),
    fc.record({ And: fc.array(tie('rule'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ Or: fc.array(tie('rule'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ Not: tie('rule') }),
  ),
})).rule

const catching = fc.option(
  fc.record({
    ResultPath: resultPath,
    Assign: shaping({ 'v.$': fc.constantFrom('$', '$.Error') }),
  }),
  { nil: undefined },
)

interface Step {
  readonly state: Json
  /** What the task returns, where it is one. */
  readonly result?: unknown
}

const plainStep: fc.Arbitrary<Step> = fc.oneof(
  shaping({
    InputPath: pathOrNone,
    Parameters: template,
    ResultPath: resultPath,
    OutputPath: pathOrNone,
    Assign: shaping({ 'v.$': computed }),
  }).map((fields) => ({ state: { Type: 'Pass', ...fields } })),
  fc
    .tuple(
      shaping({
        InputPath: pathOrNone,
        Parameters: template,
        ResultSelector: template,
        ResultPath: resultPath,
        OutputPath: pathOrNone,
        TimeoutSecondsPath: path,
      }),
      document,
      catching,
    )
    .map(([fields, result, caught]) => ({
      state: { Type: 'Task', Resource: 'process', ...fields, ...catchOf(caught) },
      result,
    })),
  path.map((seconds) => ({ state: { Type: 'Wait', SecondsPath: seconds } })),
  path.map((time) => ({ state: { Type: 'Wait', TimestampPath: time } })),
)

function catchOf(catcher: Json | undefined): Json {
  if (catcher === undefined) return {}
  return { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End', ...catcher }] }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: plainStep },
  {
    weight: 1,
    arbitrary: fc.array(rule, { minLength: 1, maxLength: 3 }).map((rules) => ({
      state: { Type: 'Choice', Choices: rules },
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        shaping({ InputPath: pathOrNone, ResultSelector: template, ResultPath: resultPath }),
        shaping({
          ItemsPath: fc.constantFrom('$', '$.list', '$.list[*].x'),
          ItemSelector: template,
          MaxConcurrencyPath: fc.constantFrom('$.a', '$.b.c'),
        }),
        catching,
      )
      .map(([fields, map, caught]) => ({
        state: { Type: 'Map', ...fields, ...map, ...catchOf(caught) },
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        shaping({ Parameters: template, ResultPath: resultPath, OutputPath: pathOrNone }),
        catching,
      )
      .map(([fields, caught]) => ({ state: { Type: 'Parallel', ...fields, ...catchOf(caught) } })),
  },
)

/** A chain of states in which each leads to the next, with what the tasks return. */
function chained(steps: readonly Step[], input: unknown): Json {
  const results: Json = {}
  const states: Json = { End: { Type: 'Succeed' } }
  for (const [index, { state, result }] of steps.entries()) {
    const [name, next] = [`S${index}`, index + 1 === steps.length ? 'End' : `S${index + 1}`]
    if (state.Type === 'Task') results[name] = [{ share: '100%', value: result }]
    const inner = (suffix: string) => ({
      StartAt: `${name}${suffix}`,
      States: { [`${name}${suffix}`]: { Type: 'Pass', Parameters: { 'p.$': '$.f' }, End: true } },
    })
    if (state.Type === 'Choice') {
      const rules = (state.Choices as Json[]).map((each) => ({ ...each, Next: next }))
      states[name] = { ...state, Choices: rules, Default: 'End' }
    } else if (state.Type === 'Map') states[name] = { ...state, Next: next, Iterator: inner('I') }
    else if (state.Type === 'Parallel') {
      states[name] = { ...state, Next: next, Branches: [inner('A'), inner('B')] }
    } else states[name] = { ...state, Next: next }
  }
  return { definition: { StartAt: 'S0', States: states }, input, results }
}

test('a definition of known data runs to its end, whatever the data is', async () => {
  let ended = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 4 }),
      document,
      async (steps, input) => {
        const machine = chained(steps, input)
        const text = workflow(machine, { drain: true })
        const loaded = await loadScenario({ text, fileName: 's.json', files: NO_FILES })
        if (!loaded.ok) {
          // What the library of paths cannot follow is asked for.
          expect(loaded.formatted).toMatch(/depends on data that is not known/)
          return
        }
        const view = await runWorkflow(machine, { drain: true }, { rows: false })
        const {
          entered,
          succeeded = 0,
          failed = 0,
        } = view.ledger('machine') as Record<string, number>
        expect([entered, succeeded + failed]).toEqual([1, 1])
        ended++
      },
    ),
    { numRuns: 150 },
  )
  expect(ended).toBeGreaterThan(75)
})
