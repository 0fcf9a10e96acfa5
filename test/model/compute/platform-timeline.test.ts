import { describe, expect, test } from 'vitest'
import { DEPLOYMENT_STRATEGIES } from '../../../src/model/compute/deployment-strategies.ts'
import {
  billingRule,
  formatPlatformMonth,
  parsePlatformMonth,
  scalingRule,
} from '../../../src/model/compute/platform-timeline.ts'

const month = parsePlatformMonth

test('months are read, written and ordered', () => {
  for (const text of ['2017-01', '2019-12', '2026-11']) {
    expect(formatPlatformMonth(month(text))).toBe(text)
  }
  expect(month('2020-01') - month('2019-12')).toBe(1)
  expect(month('2020-13')).toBeNaN()
  expect(month('2020-1')).toBeNaN()
})

describe('scaling', () => {
  test.each([
    ['us-east-1', 3_000],
    ['us-west-2', 3_000],
    ['eu-west-1', 3_000],
    ['ap-northeast-1', 1_000],
    ['eu-central-1', 1_000],
    ['us-east-2', 1_000],
    ['eu-north-1', 500],
  ])(
    'before November 2023 %s has a burst of %d (Lambda developer guide of 2022)',
    (region, burst) => {
      expect(scalingRule(month('2023-10'), region)).toEqual({
        kind: 'regional-burst',
        burst,
        perMinute: 500,
      })
      expect(scalingRule(month('2023-11'), region)).toEqual({ kind: 'per-function' })
    },
  )
})

describe('billing', () => {
  test.each([
    ['2020-11', 'Zip', 'python3.8', 100, false],
    ['2020-12', 'Zip', 'python3.8', 1, false],
    ['2025-07', 'Zip', 'python3.13', 1, false],
    ['2025-07', 'Image', 'python3.13', 1, true],
    ['2025-07', 'Zip', 'provided.al2023', 1, true],
    ['2025-08', 'Zip', 'python3.13', 1, true],
  ] as const)(
    'of %s: %s %s by %d ms, init billed: %s',
    (platform, packageType, runtime, incrementMs, isInitBilled) => {
      expect(billingRule(month(platform), packageType, runtime)).toEqual({
        incrementMs,
        isInitBilled,
      })
    },
  )
})

describe('deployment strategies', () => {
  test('end with all traffic on the new version, in growing shares and times', () => {
    for (const { name, shifts } of DEPLOYMENT_STRATEGIES) {
      expect(shifts.at(-1)?.share, name).toBe(1)
      expect(shifts[0]?.afterUs, name).toBe(0)
      for (let index = 1; index < shifts.length; index++) {
        expect(shifts[index]!.share, name).toBeGreaterThan(shifts[index - 1]!.share)
        expect(shifts[index]!.afterUs, name).toBeGreaterThan(shifts[index - 1]!.afterUs)
      }
    }
  })

  test('bear the names of SAM', () => {
    expect(DEPLOYMENT_STRATEGIES.map(({ name }) => name)).toEqual([
      'AllAtOnce',
      'Canary10Percent5Minutes',
      'Canary10Percent10Minutes',
      'Canary10Percent15Minutes',
      'Canary10Percent30Minutes',
      'Linear10PercentEvery1Minute',
      'Linear10PercentEvery2Minutes',
      'Linear10PercentEvery3Minutes',
      'Linear10PercentEvery10Minutes',
    ])
  })

  test('a canary waits the minutes of its name', () => {
    const canary = DEPLOYMENT_STRATEGIES.find(({ name }) => name === 'Canary10Percent15Minutes')
    expect(canary?.shifts).toEqual([
      { afterUs: 0, share: 0.1 },
      { afterUs: 15 * 60_000_000, share: 1 },
    ])
  })
})
