import { expect, it } from 'vitest'
import {
  Lineages,
  MOST_INVOCATIONS_IN_CHAIN,
  NO_LINEAGE,
} from '../../../src/model/messages/lineage.ts'

it('counts how often each function took part, whatever the order', () => {
  const lineages = new Lineages()
  const one = [0, 1, 0].reduce((lineage, owner) => lineages.after(lineage, owner), NO_LINEAGE)
  const other = [1, 0, 0].reduce((lineage, owner) => lineages.after(lineage, owner), NO_LINEAGE)
  expect(other).toBe(one)
  expect([0, 1, 2].map((owner) => lineages.invocationsOf(owner, one))).toEqual([2, 1, 0])
  expect(lineages.invocationsOf(0, NO_LINEAGE)).toBe(0)
})

it('ends in one and the same lineage however long the chain', () => {
  const lineages = new Lineages()
  let lineage = NO_LINEAGE
  for (let count = 0; count < MOST_INVOCATIONS_IN_CHAIN; count++)
    lineage = lineages.after(lineage, 3)
  expect(lineages.invocationsOf(3, lineage)).toBe(16)
  expect(lineages.after(lineage, 3)).toBe(lineage)
})
