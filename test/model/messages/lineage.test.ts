import { describe, expect, it } from 'vitest'
import type { LambdaFunction } from '../../../src/model/compute/lambda-function.ts'
import { LATEST_PLATFORM, platformMonth } from '../../../src/model/compute/platform-timeline.ts'
import {
  Lineages,
  MOST_INVOCATIONS_IN_CHAIN,
  NO_LINEAGE,
} from '../../../src/model/messages/lineage.ts'

it('counts how often each function took part, whatever the order', () => {
  const lineages = new Lineages([], LATEST_PLATFORM)
  const one = [0, 1, 0].reduce((lineage, owner) => lineages.after(lineage, owner), NO_LINEAGE)
  const other = [1, 0, 0].reduce((lineage, owner) => lineages.after(lineage, owner), NO_LINEAGE)
  expect(other).toBe(one)
  expect([0, 1, 2].map((owner) => lineages.invocationsOf(owner, one))).toEqual([2, 1, 0])
  expect(lineages.invocationsOf(0, NO_LINEAGE)).toBe(0)
})

it('ends in one and the same lineage however long the chain', () => {
  const lineages = new Lineages([], LATEST_PLATFORM)
  let lineage = NO_LINEAGE
  for (let count = 0; count < MOST_INVOCATIONS_IN_CHAIN; count++)
    lineage = lineages.after(lineage, 3)
  expect(lineages.invocationsOf(3, lineage)).toBe(16)
  expect(lineages.after(lineage, 3)).toBe(lineage)
})

describe('the limit', () => {
  const terminates = { settings: { cutsRecursion: true } } as LambdaFunction
  const allows = { settings: { cutsRecursion: false } } as LambdaFunction

  /** The lineage of a chain that has invoked function 0 `count` times. */
  function chain(lineages: Lineages, count: number): number {
    let lineage = NO_LINEAGE
    for (let step = 0; step < count; step++) lineage = lineages.after(lineage, 0)
    return lineage
  }

  it('cuts a chain that has invoked the function 16 times, and not before', () => {
    const lineages = new Lineages([terminates, terminates], LATEST_PLATFORM)
    expect(lineages.isCut(NO_LINEAGE, 0)).toBe(false)
    expect(lineages.isCut(chain(lineages, 15), 0)).toBe(false)
    expect(lineages.isCut(chain(lineages, 16), 0)).toBe(true)
    expect(lineages.isCut(chain(lineages, 16), 1)).toBe(false)
  })

  it('holds for functions that terminate loops, and since July 2023', () => {
    const allowing = new Lineages([allows], LATEST_PLATFORM)
    expect(allowing.isCut(chain(allowing, 16), 0)).toBe(false)
    const former = new Lineages([terminates], platformMonth(2023, 6))
    expect(former.isCut(chain(former, 16), 0)).toBe(false)
    const since = new Lineages([terminates], platformMonth(2023, 7))
    expect(since.isCut(chain(since, 16), 0)).toBe(true)
  })
})
