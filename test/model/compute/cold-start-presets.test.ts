import { describe, expect, test } from 'vitest'
import {
  coldStartPreset,
  defaultPlacement,
  MEASURED_RUNTIMES,
} from '../../../src/model/compute/cold-start-presets.ts'
import {
  LONG_RUN_INITS,
  MEASURED_COLD_STARTS,
} from '../../../src/model/compute/cold-start-presets-data.ts'
import { RUNTIMES } from '../../../src/model/compute/runtimes.ts'

describe('measured cold starts (maxday/lambda-perf, 2026-08-22)', () => {
  // Median init, first handler duration and coefficient of variation (sd / mean) of that table.
  test.each([
    ['nodejs22.x', 'Zip', 'x86_64', 0, 137.82, 10.545, 14.59 / 137.09],
    ['nodejs22.x', 'Image', 'arm64', 3, 234, 4.38, 81.15 / 257.1],
    ['java21', 'Zip', 'arm64', 2, 253.06, 21.507, 27.78 / 244.79],
    ['dotnet8', 'Zip', 'x86_64', 3, 238.12, 74.865, 15.98 / 237.57],
  ] as const)(
    'row %s %s %s %d has the median, variation and first duration of the day',
    (runtime, packageType, architecture, index, median, first, variation) => {
      const row = MEASURED_COLD_STARTS[runtime]![packageType][architecture][index]!
      expect(row[0]).toBe(median)
      expect(row[2]).toBe(first)
      // Sigma stands rounded to four digits.
      expect(Math.abs(row[1] - Math.sqrt(Math.log1p(variation ** 2)))).toBeLessThan(0.5e-4)
    },
  )

  test.each([
    ['python3.12', 'Zip', 'x86_64', 256],
    ['java21', 'Image', 'arm64', 256],
    ['ruby3.4', 'Zip', 'arm64', 256],
  ] as const)('%s %s %s was measured on one day only', (runtime, packageType, architecture, mb) => {
    const preset = coldStartPreset(runtime, packageType, architecture, mb)!
    const [median, sigma, first] = MEASURED_COLD_STARTS[runtime]![packageType][architecture][1]!
    expect(preset.initIsLongRun).toBe(false)
    expect(preset.initMedianMs).toBe(median)
    expect(Math.abs(preset.init.quantile(0.5) - median * 1_000)).toBeLessThan(1e-6)
    const fitted = Math.sqrt(preset.init.variance) / preset.init.mean
    expect(Math.abs(fitted - Math.sqrt(Math.expm1(sigma ** 2)))).toBeLessThan(1e-9)
    expect(preset.firstInvocation.mean).toBe(first * 1_000)
    expect(preset.firstInvocation.variance).toBe(0)
  })

  test.each([
    [128, 128],
    [192, 128],
    [193, 256],
    [384, 256],
    [385, 512],
    [768, 512],
    [769, 1024],
    [10_240, 1024],
  ])('%d MB takes the row of %d MB: the nearest, of two the smaller', (memoryMb, listedMb) => {
    const preset = coldStartPreset('python3.13', 'Zip', 'x86_64', memoryMb)
    expect(preset?.measuredMemoryMb).toBe(listedMb)
  })

  test('runtimes that are missing or mean several languages have none', () => {
    for (const runtime of ['provided.al2023', 'provided.al2', 'nodejs18.x', 'go1.x', 'toString']) {
      expect(coldStartPreset(runtime, 'Zip', 'x86_64', 128)).toBeNull()
    }
  })

  test('every measured runtime is one of AWS', () => {
    expect(MEASURED_RUNTIMES.length).toBe(19)
    for (const runtime of MEASURED_RUNTIMES) expect(RUNTIMES).toContain(runtime)
  })
})

describe('init over 82 days (maxday/lambda-perf, 2026-06-01 to 2026-08-22)', () => {
  test.each([
    ['nodejs22.x', 'Zip', 'x86_64', 145, 219],
    ['nodejs24.x', 'Zip', 'arm64', 125, 172],
    ['java21', 'Zip', 'x86_64', 244, 604],
    ['dotnet8', 'Image', 'x86_64', 403, 859],
  ] as const)(
    '%s %s %s is lognormal with median %d ms and p99 %d ms at every memory size',
    (runtime, packageType, architecture, median, p99) => {
      for (const memoryMb of [128, 512, 1_024, 10_240]) {
        const preset = coldStartPreset(runtime, packageType, architecture, memoryMb)!
        expect(preset.initIsLongRun).toBe(true)
        expect(preset.initMedianMs).toBe(median)
        expect(Math.abs(preset.init.quantile(0.5) - median * 1_000)).toBeLessThan(1e-6)
        expect(Math.abs(preset.init.quantile(0.99) - p99 * 1_000)).toBeLessThan(1e-6)
      }
    },
  )

  test('the first invocation stays that of one day, which depends on memory', () => {
    expect(coldStartPreset('nodejs22.x', 'Zip', 'x86_64', 128)?.firstInvocation.mean).toBe(10_545)
    expect(coldStartPreset('dotnet8', 'Zip', 'x86_64', 1_024)?.firstInvocation.mean).toBe(74_865)
  })

  test('every runtime with it has a first invocation, and a p99 above its median', () => {
    for (const [runtime, packages] of Object.entries(LONG_RUN_INITS)) {
      expect(MEASURED_RUNTIMES).toContain(runtime)
      for (const [median, p99] of Object.values(packages).flatMap((inits) => Object.values(inits)))
        expect(p99).toBeGreaterThan(median)
    }
  })
})

test('placement is lognormal with median 100 ms and p99 400 ms', () => {
  const placement = defaultPlacement()
  expect(Math.abs(placement.quantile(0.5) - 100_000)).toBeLessThan(1e-6)
  expect(Math.abs(placement.quantile(0.99) - 400_000)).toBeLessThan(1e-6)
})
