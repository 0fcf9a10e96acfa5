import { describe, expect, test } from 'vitest'
import {
  coldStartPreset,
  defaultPlacement,
  MEASURED_RUNTIMES,
} from '../../../src/model/compute/cold-start-presets.ts'
import { RUNTIMES } from '../../../src/model/compute/runtimes.ts'

describe('measured cold starts (maxday/lambda-perf, 2026-08-22)', () => {
  // Median init, first handler duration and coefficient of variation (sd / mean) of that table.
  test.each([
    ['nodejs22.x', 'Zip', 'x86_64', 128, 137.82, 10.545, 14.59 / 137.09],
    ['nodejs22.x', 'Image', 'arm64', 1024, 234, 4.38, 81.15 / 257.1],
    ['java21', 'Zip', 'arm64', 512, 253.06, 21.507, 27.78 / 244.79],
    ['dotnet8', 'Zip', 'x86_64', 1024, 238.12, 74.865, 15.98 / 237.57],
  ] as const)(
    '%s %s %s %d MB',
    (runtime, packageType, architecture, memoryMb, median, first, variation) => {
      const preset = coldStartPreset(runtime, packageType, architecture, memoryMb)!
      expect(preset.initMedianMs).toBe(median)
      // Exact up to the rounding of the logarithm's table entry to four digits: half a unit of the
      // fourth decimal of sigma moves the variation by less than 1e-4 here.
      expect(Math.abs(preset.init.quantile(0.5) - median * 1_000)).toBeLessThan(1e-6)
      const fitted = Math.sqrt(preset.init.variance) / preset.init.mean
      expect(Math.abs(fitted - variation)).toBeLessThan(1e-4)
      expect(preset.firstInvocation.mean).toBe(first * 1_000)
      expect(preset.firstInvocation.variance).toBe(0)
    },
  )

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

test('placement is lognormal with median 100 ms and p99 400 ms', () => {
  const placement = defaultPlacement()
  expect(Math.abs(placement.quantile(0.5) - 100_000)).toBeLessThan(1e-6)
  expect(Math.abs(placement.quantile(0.99) - 400_000)).toBeLessThan(1e-6)
})
