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

const expression = fc
  .constantFrom(
    '$states.input',
    '$states.input.a',
    '$states.input.list[x > 1].x',
    '$states.input.a + 1',
    '$states.result.b',
    '$states.errorOutput',
    '$states.context.Execution.Input',
    '$count($states.input.list)',
    '$map($states.input.list, function($each) { $each.x })',
    '$reduce($states.input.list, function($sum, $each) { $sum + $each.x }, 0)',
    '$merge([$states.input, { "q": 1 }])',
    '$partition($states.input.list, $states.input.a)',
    '$range(1, 9, $states.input.a)',
    '$toMillis($states.input.a)',
    '$exists($states.input.missing)',
    '$error("no")',
    'function($x) { $x }',
    '$now()',
    '$v',
  )
  .map((text) => `{% ${text} %}`)

const jsonataState: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    Type: fc.constant('Pass'),
    Output: expression,
    Assign: fc.record({ v: expression }),
  }),
  fc.record({
    Type: fc.constant('Task'),
    Resource: fc.constant('process'),
    Arguments: expression,
    Output: expression,
    TimeoutSeconds: expression,
    Catch: fc
      .record({ Output: expression })
      .map((catcher) => [{ ErrorEquals: ['States.ALL'], Next: 'End', ...catcher }]),
  }),
  fc.record({ Type: fc.constant('Wait'), Seconds: expression }),
  fc.record({ Type: fc.constant('Wait'), Timestamp: expression }),
  fc
    .record({ Condition: expression, Output: expression, Assign: fc.record({ v: expression }) })
    .map((one) => ({ Type: 'Choice', Choices: [one] })),
  fc.record({
    Type: fc.constant('Map'),
    Items: expression,
    MaxConcurrency: expression,
    ItemSelector: fc.record({ i: expression }),
    Output: expression,
  }),
)

test('a definition in JSONata is accepted, or what it leaves open is asked for', async () => {
  const states = fc.array(jsonataState, { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(states, document, async (listed, input) => {
      const { definition, ...others } = chained(
        listed.map((state) => ({ state, result: { b: 2 } })),
        input,
      )
      const text = workflow({ definition: inJsonata(definition as Json), ...others })
      const loaded = await loadScenario({ text, fileName: 's.json', files: NO_FILES })
      if (!loaded.ok) expect(loaded.formatted).toMatch(/depends on data that is not known/)
    }),
    { numRuns: 100 },
  )
})

/** The inner states of Maps pass on what they get. */
function inJsonata(definition: Json): object {
  const text = JSON.stringify(definition).replaceAll(
    '"Parameters":{"p.$":"$.f"}',
    '"Output":{"p":1}',
  )
  return { QueryLanguage: 'JSONata', ...(JSON.parse(text) as object) }
}
