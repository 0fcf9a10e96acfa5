import { describe, expect, test } from 'vitest'
import { compile, complaint, scenario, withFunction } from './support.ts'

const thresholds = (...lines: string[]): string =>
  withFunction('provisionedConcurrentExecutions: 5', {
    thresholds: `\n${lines.map((line) => `  - ${line}\n`).join('')}`.trimEnd(),
  })

describe('a threshold', () => {
  test('reads entity, metric, statistic, operator and value in their units', async () => {
    const compiled = await compile(
      thresholds(
        'visitors.ClientLatency.p99 < 500ms',
        'hello.Throttles.share <= 0.1%',
        'function.hello.Throttles.sum < 5',
        'account.ConcurrentExecutions.maximum < 900',
        'account.account.ConcurrentExecutions.average >= 1.5',
        'visitors.ClientLatency.p99.9 < 1.5s',
        '"hello:live.ProvisionedConcurrencyUtilization.maximum > 70%"',
        'visitors.SuccessRate.share > 99.9%',
      ),
    )
    expect(compiled.thresholds.map(({ text, ...rest }) => Object.values(rest).join(' '))).toEqual([
      'traffic visitors ClientLatency p99 < 500',
      'function hello Throttles share <= 0.001',
      'function hello Throttles sum < 5',
      'account account ConcurrentExecutions maximum < 900',
      'account account ConcurrentExecutions average >= 1.5',
      'traffic visitors ClientLatency p99.9 < 1500',
      'alias hello:live ProvisionedConcurrencyUtilization maximum > 0.7',
      'traffic visitors SuccessRate share > 0.999',
    ])
    expect(compiled.thresholds[0]?.text).toBe('visitors.ClientLatency.p99 < 500ms')
  })

  test.each([
    ['hello is fast', 'no threshold'],
    ['hello.Throttles < 5', 'no threshold'],
    ['hello.Throtles.sum < 5', 'metric'],
    ['hello.Throttles.p99 < 5', 'statistic'],
    ['hello.Duration.p75 < 5ms', 'statistic'],
    ['helo.Throttles.sum < 5', 'entity'],
    ['visitors.Throttles.sum < 5', 'entity'],
    ['queue.hello.Throttles.sum < 5', 'entity'],
    ['hello.Throttles.sum < 5ms', 'unit'],
    ['hello.Duration.p99 < 5', 'unit'],
    ['hello.Throttles.share < 5', 'unit'],
  ])('%s is refused: %s', async (line) => {
    const [first] = (await complaint(thresholds(line))).split('\n')
    expect(first?.replace(/^s.yaml:7:5: /, '')).toMatchSnapshot()
  })

  test.each([
    'ProvisionedConcurrentExecutions.maximum < 5',
    'ProvisionedConcurrencyUtilization.average < 50%',
    'ProvisionedConcurrencyInvocations.sum > 5',
    'ProvisionedConcurrencySpilloverInvocations.sum < 5',
  ])('hello.%s is refused where there is no provisioned concurrency', async (line) => {
    const on = (keys: string): Promise<string> =>
      complaint(withFunction(keys, { thresholds: `[ "hello.${line}" ]` }))
    const metric = line.split('.')[0]
    expect(await on('')).toContain(
      `${metric} is never known: hello has no provisioned concurrency\n`,
    )
    // It may come during the run.
    expect(await on('provisionedConcurrentExecutions: 0')).toBe('no complaint')
  })

  test('finds the entity that has the metric when names repeat', async () => {
    const text = scenario({
      functions: '{ hello: { runtime: nodejs22.x, coldStart: none, handler: { duration: 50ms } } }',
      traffic: '{ hello: { to: hello, rate: 1/s } }',
      thresholds: '[ hello.Invocations.sum > 1 ]',
    })
    expect(await complaint(text)).toBe('no complaint')
  })
})
