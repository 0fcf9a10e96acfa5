import { expect, it } from 'vitest'
import { childOrdinal } from '../../../src/model/messages/births.ts'

it('gives what is sent at different deliveries different ordinals, however many there were', () => {
  const deliveries = [0, 1, 32_767, 32_768, 65_535]
  const ordinals = deliveries.map((delivery) => childOrdinal(1, 2, delivery * 131_072))
  expect(new Set(ordinals).size).toBe(deliveries.length)
})
