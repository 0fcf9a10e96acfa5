import { describe, expect, test } from 'vitest'
import { compile, complaint, scenario } from './support.ts'

function snapStart(runtime: string, keys = '', platform = '2026-11'): string {
  const cold = 'coldStart: { init: 1s, firstInvocation: 1ms, restore: 500ms }'
  return scenario({
    functions: `{ f: { runtime: ${runtime}, handler: { duration: 5ms }, ${cold}, snapStart: { applyOn: PublishedVersions }, aliases: { live: { functionVersion: 3 } }${keys} } }`,
    traffic: '{ v: { to: f:live, rate: 1/s } }',
    platform,
  })
}

describe('SnapStart', () => {
  test('is for Java since November 2022, for Python and .NET since November 2024', async () => {
    expect(await complaint(snapStart('java17', '', '2022-11'))).toBe('no complaint')
    expect(await complaint(snapStart('java17', '', '2022-10'))).toContain(
      'java17 is not supported for SnapStart enabled functions on the platform of 2022-10: none was',
    )
    expect(await complaint(snapStart('python3.12', '', '2024-11'))).toBe('no complaint')
    expect(await complaint(snapStart('python3.12', '', '2024-10'))).toContain(
      'python3.12 is not supported for SnapStart enabled functions on the platform of 2024-10: known are java11, java11.al2023, java17, java17.al2023, java21, java25 (AWS: InvalidParameterValueException)',
    )
    expect(await complaint(snapStart('dotnet8'))).toBe('no complaint')
  })

  test('is refused for other runtimes, with the caret at the wish', async () => {
    for (const runtime of ['nodejs22.x', 'python3.11', 'java8.al2', 'dotnet6', 'ruby3.4']) {
      const text = await complaint(snapStart(runtime))
      expect(text).toContain(`${runtime} is not supported for SnapStart enabled functions`)
      const [, source = '', caret = ''] = text.split('\n')
      expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('PublishedVersions')
    }
  })

  test('excludes provisioned concurrency, large storage, and images of old', async () => {
    const provisioned = ', provisionedConcurrentExecutions: 5'
    expect(await complaint(snapStart('java21', provisioned))).toContain(
      'SnapStart and provisioned concurrency exclude each other',
    )
    const storage = (size: string): string => `, ephemeralStorage: { size: ${size} }`
    expect(await complaint(snapStart('java21', storage('512')))).toBe('no complaint')
    expect(await complaint(snapStart('java21', storage('513MB')))).toContain(
      'SnapStart excludes ephemeral storage above 512 MB (AWS: InvalidParameterValueException)',
    )
    expect(await complaint(snapStart('java21', storage('511')))).toContain(
      'ephemeral storage is between 512 and 10240 MB',
    )
    const image = ', packageType: Image'
    expect(await complaint(snapStart('java21', image))).toBe('no complaint')
    expect(await complaint(snapStart('java21', image, '2025-12'))).toContain(
      'SnapStart of container images exists since 2026-01',
    )
  })

  test('is what a restore is part of', async () => {
    const text = snapStart('java21').replace('PublishedVersions', 'None')
    expect(await complaint(text)).toContain('restore is a part of SnapStart')
  })

  test('warns where no traffic reaches a published version', async () => {
    const text = snapStart('java21').replace('f:live', 'f')
    expect((await compile(text)).warnings).toContain(
      'functions.f: SnapStart starts published versions, and no traffic reaches one: give f an alias and send the traffic to it',
    )
    expect((await compile(snapStart('java21'))).warnings).toEqual([])
  })
})
