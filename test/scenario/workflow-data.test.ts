/** How far the data of a definition is known, and what is not. */
import { describe, expect, it, test } from 'vitest'
import { truthOf } from '../../src/scenario/workflow/choice-rules.ts'
import { callIntrinsic } from '../../src/scenario/workflow/intrinsics.ts'
import {
  find,
  isPresent,
  PathFault,
  readPath,
  withValue,
} from '../../src/scenario/workflow/json-path.ts'
import { evaluate } from '../../src/scenario/workflow/jsonata-expression.ts'
import { canonical, UNKNOWN, withField } from '../../src/scenario/workflow/known.ts'
import { callOf } from '../../src/scenario/workflow/resource.ts'
import { quotedPlaceholders, substituted } from '../../src/scenario/workflow/substitutions.ts'

const scopeOf = (input: unknown, variables = {}) => ({ input, context: { a: 1 }, variables })
/** An object of which only `n` is known. */
const OPEN = withField(UNKNOWN, 'n', 5)

describe('a path', () => {
  const document = { a: { 'b c': [1, 2, { d: 3 }] }, list: [{ x: 1 }, { x: 5 }, { x: 9 }] }

  test.each([
    ['$', document],
    ["$.a['b c'][2].d", 3],
    ["$['a']['b c'][-1].d", 3],
    ['$.list[0].x ', 1],
    ['$.list[1:]', [{ x: 5 }, { x: 9 }]],
    ['$.list[*].x', [1, 5, 9]],
    ['$.list[?(@.x > 4)].x', [5, 9]],
    ['$..d', [3]],
    ['$.list.length()', 3],
    ['$.list.[?(@.x > 4)]', [{ x: 5 }, { x: 9 }]],
    ["$.list[?(@.['x'] > 8)]", [{ x: 9 }]],
    ['$$.a', 1],
    ['$order.id', 7],
  ])('%s is followed', (path, value) => {
    expect(find(path, scopeOf(document, { order: { id: 7 } }))).toEqual(value)
  })

  it('that leads to nothing is a fault, unless only its presence is asked for', () => {
    expect(() => readPath('$.x.y', scopeOf(document))).toThrow('`$.x.y` is not in the document')
    expect(isPresent('$.x.y', scopeOf(document))).toBe(false)
    expect(isPresent('$.a', scopeOf(document))).toBe(true)
  })

  it('into what is unknown is unknown, and what lies beside it is not', () => {
    expect(find('$.n', scopeOf(OPEN))).toBe(5)
    expect(find('$.m', scopeOf(OPEN))).toBe(UNKNOWN)
    expect(find('$.m[*].x', scopeOf(OPEN))).toBe(UNKNOWN)
    expect(isPresent('$.n', scopeOf(OPEN))).toBe(true)
    expect(isPresent('$.m', scopeOf(OPEN))).toBe(null)
    expect(isPresent('$[0]', scopeOf([UNKNOWN]))).toBe(true)
  })

  test.each([
    ['$.list[?(@.x == $.wanted)]'],
    ["$.list[*].['x', 'y']"],
    ['$.list[?(@.x =~ /5/)]'],
    ["$.list[?(@.x in ['5'])]"],
  ])('%s is beyond the library, and so unknown', (path) => {
    expect(find(path, scopeOf({ ...document, wanted: 5 }))).toBe(UNKNOWN)
  })

  it('puts a result where it leads, and keeps the rest', () => {
    expect(withValue({ a: 1 }, '$.b.c', 2)).toEqual({ a: 1, b: { c: 2 } })
    expect(canonical(withValue(OPEN, '$.b', 2))).toBe('{"b":2,"n":5,?}')
    expect(() => withValue({ a: 1 }, '$.a.b', 2)).toThrow('can only be put into an object')
  })
})

describe('an intrinsic function', () => {
  const scope = scopeOf({ name: 'Ada', list: [1, 2, 3, 4, 5], one: { a: 1 }, other: { b: 2 } })

  test.each([
    ["States.Format('Hello {}, it\\'s {}', $.name, 3)", "Hello Ada, it's 3"],
    ['States.ArrayLength(\n  States.Array( 1 ,\n 2 ) )', 2],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [3, 4], [5]]],
    ['States.ArrayContains($.list, 4)', true],
    ['States.ArrayRange(1, 9, 4)', [1, 5, 9]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayGetItem(States.Array(null), 0)', null],
    ['States.ArrayLength(States.Array($.name, null))', 2],
    ['States.ArrayUnique(States.Array(1, 1, 2))', [1, 2]],
    ['States.JsonMerge($.one, $.other, false)', { a: 1, b: 2 }],
    ['States.MathAdd($.list[0], -3)', -2],
    ["States.StringSplit('a.b-c', '.-')", ['a', 'b', 'c']],
    ['States.StringToJson(\'{"x": [1]}\')', { x: [1] }],
    ['States.JsonToString($.one)', '{"a":1}'],
    ['States.UUID()', UNKNOWN],
  ])('%s is computed', (text, value) => {
    expect(callIntrinsic(text, scope)).toEqual(value)
  })

  it('of what is unknown is unknown', () => {
    expect(callIntrinsic('States.MathAdd($.m, 1)', scopeOf(OPEN))).toBe(UNKNOWN)
    expect(callIntrinsic('States.MathAdd($.n, 1)', scopeOf(OPEN))).toBe(6)
  })
})

describe('what cannot be computed', () => {
  const errorOf = (compute: () => unknown): string => {
    try {
      return String(compute())
    } catch (fault) {
      return fault instanceof PathFault ? fault.error : String(fault)
    }
  }

  it('has the name that Step Functions gives it', () => {
    const scope = scopeOf({ text: 'no JSON' })
    const parse = () => callIntrinsic('States.StringToJson($.text)', scope)
    expect(errorOf(parse)).toBe('States.IntrinsicFailure')
    for (const call of [
      "States.Format('{} {}', $.text)",
      'States.ArrayGetItem(States.Array(1), 1)',
      'States.ArrayLength($.text)',
      'States.ArrayRange(1, $.text, 1)',
      'States.JsonMerge($.text, $, false)',
      'States.MathAdd($.text, 1)',
    ]) {
      expect(
        errorOf(() => callIntrinsic(call, scope)),
        call,
      ).toBe('States.IntrinsicFailure')
    }
    const missing = () => callIntrinsic('States.StringToJson($.missing)', scope)
    expect(errorOf(missing)).toBe('States.Runtime')
    const misplaced = () => withValue({ a: 1 }, '$.a.b', 2)
    expect(errorOf(misplaced)).toBe('States.ResultPathMatchFailure')
  })
})

describe('a rule', () => {
  const present = (path: string) => ({ Variable: path, IsPresent: true })
  const isOne = (path: string) => ({ Variable: path, NumericEquals: 1 })

  it('is not looked at where the one before it decides', () => {
    const guarded = { And: [present('$.x'), isOne('$.x')] }
    expect(truthOf(guarded, scopeOf({}))).toBe(false)
    expect(truthOf(guarded, scopeOf({ x: 1 }))).toBe(true)
    const either = { Or: [{ Not: present('$.x') }, isOne('$.x')] }
    expect(truthOf(either, scopeOf({}))).toBe(true)
    expect(truthOf(either, scopeOf({ x: 2 }))).toBe(false)
    expect(() => truthOf(isOne('$.x'), scopeOf({}))).toThrow('not in the document')
  })

  it('that is not known leaves open whether the next is looked at', () => {
    const unknown = withField(UNKNOWN, 'n', { y: 2 })
    expect(truthOf({ And: [present('$.m'), isOne('$.n.z')] }, scopeOf(unknown))).toBe(null)
    expect(truthOf({ And: [present('$.m'), isOne('$.n.y')] }, scopeOf(unknown))).toBe(false)
    expect(truthOf({ Or: [present('$.m'), present('$.n')] }, scopeOf(unknown))).toBe(true)
  })
})

describe('a JSONata expression', () => {
  const value = (expression: string, input: unknown, variables = {}) =>
    evaluate(expression, { states: { input }, variables })

  test.each([
    ['$sum($states.input.lines.(price * quantity))', 23],
    ['$states.input.lines[price > 5].price', 10],
    ['$partition([1, 2, 3], 2)', [[1, 2], [3]]],
    ['{ "n": $count($states.input.lines) }', { n: 2 }],
  ])('%s is evaluated', async (expression, expected) => {
    const lines = [
      { price: 10, quantity: 2 },
      { price: 3, quantity: 1 },
    ]
    expect(canonical(await value(expression, { lines }))).toBe(canonical(expected))
  })

  test.each([
    ['$states.input.m = "a"'],
    ['$states.input.m ? 1 : 2'],
    ['$exists($states.input.m)'],
    ['$merge([$states.input, { "x": 1 }])'],
    ['$random() > 2'],
    ['$now()'],
  ])('%s is unknown where it reads what is unknown', async (expression) => {
    expect(await value(expression, OPEN)).toBe(UNKNOWN)
  })

  it('that reads what is known beside the unknown is known', async () => {
    expect(await value('$states.input.n + 1', OPEN)).toBe(6)
    expect(canonical(await value('$states.input', OPEN))).toBe('{"n":5,?}')
    expect(await value('$x = 1', OPEN, { x: UNKNOWN })).toBe(UNKNOWN)
    expect(await value('$y = 1', OPEN, { x: UNKNOWN, y: 1 })).toBe(true)
  })

  test.each([
    ['function($x) { $x }', 'a function is no value'],
    ['{ "f": $sum }', 'a function is no value'],
    ['$partition([1, 2], 0)', 'at least one element'],
    ['$range(10, 1, 0)', 'at most 1000 items'],
    ['( $f := function($x) { $f($x + 1) }; $f(1) )', 'does not come to an end'],
  ])('%s is a fault', async (expression, message) => {
    await expect(value(expression, {})).rejects.toThrow(message)
  })

  it('without a value, or that fails, is a fault', async () => {
    await expect(value('$states.input.x', {})).rejects.toThrow('gives no value')
    await expect(value('$states.input.x + "a"', { x: 1 })).rejects.toThrow('fails')
  })
})

describe('a resource', () => {
  test.each([
    ['arn:aws:lambda:us-east-1:123456789012:function:charge:live', 'functions', 'request-response'],
    ['arn:aws-us-gov:states:::lambda:invoke.waitForTaskToken', 'functions', 'callback'],
    ['arn:aws:states:::aws-sdk:sqs:sendMessage', 'queues', 'request-response'],
    ['arn:aws:states:::states:startExecution.sync:2', 'stateMachines', 'request-response'],
    ['arn:aws:states:::ecs:runTask.sync', null, 'sync'],
    ['arn:aws:states:::bedrock:invokeModel', null, 'request-response'],
    ['arn:aws:states:us-east-1:123456789012:activity:pack', null, 'callback'],
  ])('%s is read', (resource, section, pattern) => {
    expect(callOf(resource, {})).toMatchObject({ section, pattern })
  })

  test.each([
    ['lambda:invoke', { FunctionName: 'charge', Qualifier: 'live' }, 'charge:live'],
    ['lambda:invoke', { FunctionName: 'charge:7', Qualifier: 'live' }, 'charge:7'],
    ['lambda:invoke', { FunctionName: `\${Charge}`, Qualifier: 'live' }, `\${Charge}`],
    ['sns:publish', { TargetArn: 'arn:aws:sns:eu-west-1:1:news' }, 'arn:aws:sns:eu-west-1:1:news'],
    [
      'kinesis:putRecord',
      { StreamARN: 'arn:aws:kinesis:::stream/s' },
      'arn:aws:kinesis:::stream/s',
    ],
    ['events:putEvents', { Entries: [{ EventBusName: 'shop' }] }, 'shop'],
  ])('%s takes its node from %o', (action, payload, named) => {
    expect(callOf(`arn:aws:states:::${action}`, payload)?.named).toBe(named)
  })
})

describe('what stands for a placeholder', () => {
  const values = { Table: 'orders', Most: 5, 'AWS::Partition': 'aws' }

  test.each<[unknown, unknown]>([
    [`a \${Table}, b \${Other}`, `a orders, b \${Other}`],
    [Object.fromEntries([[`\${Table}.$`, '$']]), { 'orders.$': '$' }],
    [`\${Most}`, 5],
    [`\${Most} at most`, '5 at most'],
    [{ Ref: 'Table' }, 'orders'],
    [{ Ref: 'Other' }, `\${Other}`],
    [{ 'Fn::GetAtt': ['Charge', 'Arn'] }, 'Charge'],
    [{ 'Fn::GetAtt': 'Charge.Arn' }, 'Charge'],
    [{ 'Fn::ImportValue': 'shared-queue' }, 'shared-queue'],
    [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 'states']] }, 'arn:aws:states'],
    [{ 'Fn::Sub': [`\${Table}/\${Own}`, { Own: { Ref: 'Table' } }] }, 'orders/orders'],
  ])('is put into %o', (written, expected) => {
    expect(substituted(written, values)).toEqual(expected)
  })

  it('may be a number, without quotes around it', () => {
    const json = `{ "MaxConcurrency": \${Most}, "a": [\${Most} ], "text": "is: \${Most}, yes" }`
    const quoted = `{ "MaxConcurrency": "\${Most}", "a": ["\${Most}" ], "text": "is: \${Most}, yes" }`
    expect(quotedPlaceholders(json)).toBe(quoted)
    expect(quotedPlaceholders(`MaxConcurrency: \${Most}`)).toBe(`MaxConcurrency: \${Most}`)
  })
})
