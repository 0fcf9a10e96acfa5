import { describe, expect, test } from 'vitest'
import { complaint, scenario, withFunction } from './support.ts'

function scaled(value: string, keys = ''): string {
  return withFunction(`${keys}provisionedConcurrentExecutions: ${value}`)
}

describe('provisioned concurrency that scales', () => {
  test('is a schedule, target tracking or both', async () => {
    const schedule = 'schedule: [ { cron: 45 7 * * ? *, capacity: 50 }, { at: 5m, capacity: 1 } ]'
    const bounds = 'schedule: [ { rate: 1 hour, minCapacity: 5, maxCapacity: 9 } ]'
    const tracking = 'targetTracking: { target: 70%, minCapacity: 2, maxCapacity: 20 }'
    for (const value of [schedule, tracking, `${bounds}, ${tracking}, capacity: 3`]) {
      expect(await complaint(scaled(`{ ${value} }`))).toBe('no complaint')
    }
    expect(await complaint(scaled('{ capacity: 3 }'))).toMatchInlineSnapshot(`
      "s.yaml:5:95: provisioned concurrency is a number, a schedule, targetTracking or both
        ....x, handler: { duration: 50ms }, provisionedConcurrentExecutions: { capacity: 3 }, coldStart: none }
                                                                             ^"
    `)
  })

  test('tracks 10% to 90%, as Application Auto Scaling allows', async () => {
    const tracking = (target: string): string =>
      scaled(`{ targetTracking: { target: ${target}, minCapacity: 1, maxCapacity: 9 } }`)
    expect(await complaint(tracking('10%'))).toBe('no complaint')
    expect(await complaint(tracking('90%'))).toBe('no complaint')
    expect(await complaint(tracking('91%'))).toMatchInlineSnapshot(`
      "s.yaml:5:123: a target of 91% is refused by AWS (ValidationException): provisioned concurrency is tracked at 10% to 90%
        ...ntExecutions: { targetTracking: { target: 91%, minCapacity: 1, maxCapacity: 9 } }, coldStart: none }
                                                     ^^^"
    `)
    expect(await complaint(tracking('9.9%'))).toMatch(/ValidationException/)
    expect(await complaint(tracking('0.7'))).toMatchInlineSnapshot(`
      "s.yaml:5:123: \`0.7\` is not a share such as 70%
        ...ntExecutions: { targetTracking: { target: 0.7, minCapacity: 1, maxCapacity: 9 } }, coldStart: none }
                                                     ^^^"
    `)
  })

  test('has bounds that fit together', async () => {
    expect(
      await complaint(
        scaled('{ targetTracking: { target: 70%, minCapacity: 9, maxCapacity: 8 } }'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:157: maxCapacity must not be below minCapacity (9)
        ...ntExecutions: { targetTracking: { target: 70%, minCapacity: 9, maxCapacity: 8 } }, coldStart: none }
                                                                                       ^"
    `)
    expect(
      await complaint(
        scaled('{ capacity: 1, targetTracking: { target: 70%, minCapacity: 2, maxCapacity: 8 } }'),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:107: capacity is between minCapacity 2 and maxCapacity 8
        ...sionedConcurrentExecutions: { capacity: 1, targetTracking: { target: 70%, minCapacity: 2, maxCapacit...
                                                   ^"
    `)
    expect(
      await complaint(scaled('{ schedule: [ { at: 1m, minCapacity: 2 } ] }')),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:109: minCapacity and maxCapacity bound target tracking: without it write capacity
        ... }, provisionedConcurrentExecutions: { schedule: [ { at: 1m, minCapacity: 2 } ] }, coldStart: none }
                                                              ^"
    `)
  })

  test('has scheduled actions with one time and one capacity', async () => {
    const action = (keys: string): string => scaled(`{ schedule: [ { ${keys} } ] }`)
    expect(await complaint(action('at: 1m, rate: 1 hour, capacity: 1'))).toMatchInlineSnapshot(`
      "s.yaml:5:109: a scheduled action has exactly one of at, cron and rate
        ...onedConcurrentExecutions: { schedule: [ { at: 1m, rate: 1 hour, capacity: 1 } ] }, coldStart: none }
                                                   ^"
    `)
    expect(await complaint(action('at: 1m'))).toMatchInlineSnapshot(`
      "s.yaml:5:109: a scheduled action has a capacity, or a minCapacity, a maxCapacity or both
        ...{ duration: 50ms }, provisionedConcurrentExecutions: { schedule: [ { at: 1m } ] }, coldStart: none }
                                                                              ^"
    `)
    expect(await complaint(action('cron: 0 8 * *, capacity: 1'))).toMatchInlineSnapshot(`
      "s.yaml:5:117: a cron expression has six fields (minutes, hours, day-of-month, month, day-of-week, year), and \`0 8 * *\` has 4
        ...provisionedConcurrentExecutions: { schedule: [ { cron: 0 8 * *, capacity: 1 } ] }, coldStart: none }
                                                                  ^^^^^^^"
    `)
    expect(await complaint(action('rate: 1 hours, capacity: 1'))).toMatchInlineSnapshot(`
      "s.yaml:5:117: rate(1 hours): AWS refuses it (ValidationException), write rate(1 hour)
        ...provisionedConcurrentExecutions: { schedule: [ { rate: 1 hours, capacity: 1 } ] }, coldStart: none }
                                                                  ^^^^^^^"
    `)
    expect(await complaint(action('at: noon, capacity: 1'))).toMatchInlineSnapshot(`
      "s.yaml:5:115: \`noon\` is not a duration: a duration is a number with a unit, such as 250ms, 1.5s, 12m30s or 6h (units us, ms, s, m, h, d)
        ...s }, provisionedConcurrentExecutions: { schedule: [ { at: noon, capacity: 1 } ] }, coldStart: none }
                                                                     ^^^^"
    `)
  })

  test('never exceeds the reserved concurrency, and the caret says where', async () => {
    const reserved = 'reservedConcurrentExecutions: 10, '
    expect(
      await complaint(
        scaled('{ schedule: [ { at: 1m, capacity: 9 }, { at: 2m, capacity: 11 } ] }', reserved),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:188: hello provisions 11, but reserves only 10: provisioned concurrency is part of the reserved (AWS: InvalidParameterValueException)
        ...ntExecutions: { schedule: [ { at: 1m, capacity: 9 }, { at: 2m, capacity: 11 } ] }, coldStart: none }
                                                                                    ^^"
    `)
    expect(
      await complaint(
        scaled('{ targetTracking: { target: 70%, minCapacity: 1, maxCapacity: 12 } }', reserved),
      ),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:191: hello provisions 12, but reserves only 10: provisioned concurrency is part of the reserved (AWS: InvalidParameterValueException)
        ...tExecutions: { targetTracking: { target: 70%, minCapacity: 1, maxCapacity: 12 } }, coldStart: none }
                                                                                      ^^"
    `)
  })

  test('counts with the most that it may become in what functions set aside', async () => {
    const maximum = (value: number): string =>
      scaled(`{ targetTracking: { target: 70%, minCapacity: 1, maxCapacity: ${value} } }`)
    expect(await complaint(maximum(900))).toBe('no complaint')
    expect(await complaint(maximum(901))).toMatch(/the functions set 901 aside/)
  })

  test('belongs to a published version', async () => {
    const functions =
      '{ hello: { runtime: nodejs22.x, coldStart: none, handler: { duration: 1s }, aliases: { a: { functionVersion: $LATEST, provisionedConcurrentExecutions: { schedule: [ { at: 1m, capacity: 1 } ] } } } } }'
    expect(await complaint(scenario({ functions }))).toMatch(
      /\$LATEST cannot have provisioned concurrency/,
    )
  })

  test('is not changed by the timeline', async () => {
    const timeline = '[ { at: 1m, set: { functions.hello.provisionedConcurrentExecutions: 3 } } ]'
    const text = scaled('{ schedule: [ { at: 2m, capacity: 1 } ] }')
    expect(await complaint(`${text}\ntimeline: ${timeline}\n`)).toMatch(
      /a schedule or target tracking holds for the whole run/,
    )
  })
})
