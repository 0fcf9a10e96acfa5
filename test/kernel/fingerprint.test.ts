import { describe, expect, it } from 'vitest'
import { Fingerprint } from '../../src/kernel/fingerprint.ts'

type Step = readonly [code: number, timeUs: number, entity: number, ordinal: number]

function fingerprintOf(steps: readonly Step[]): string {
  const fingerprint = new Fingerprint()
  for (const step of steps) fingerprint.mix(...step)
  return fingerprint.toString()
}

const STEPS: readonly Step[] = [
  [1, 1_000_000, 123, 0],
  [4, 1_000_000, 123, 0],
  [1, 1_500_000, -77, 1],
  [5, 9_000_000_000, 123, 0],
]

function withStep(index: number, change: (step: Step) => Step): readonly Step[] {
  return STEPS.map((step, at) => (at === index ? change(step) : step))
}

describe('the fingerprint', () => {
  it('is the same for the same steps and has sixteen hexadecimal digits', () => {
    expect(fingerprintOf(STEPS)).toBe(fingerprintOf([...STEPS]))
    expect(fingerprintOf(STEPS)).toMatch(/^[0-9a-f]{16}$/)
    expect(fingerprintOf([])).toMatch(/^[0-9a-f]{16}$/)
  })

  it('differs when any part of any step differs', () => {
    const original = fingerprintOf(STEPS)
    const changes: ((step: Step) => Step)[] = [
      ([code, ...rest]) => [code + 1, ...rest],
      ([code, timeUs, ...rest]) => [code, timeUs + 1, ...rest],
      ([code, timeUs, entity, ordinal]) => [code, timeUs, entity + 1, ordinal],
      ([code, timeUs, entity, ordinal]) => [code, timeUs, entity, ordinal + 1],
      // Times beyond 32 bits: the same low word, another high word.
      ([code, timeUs, ...rest]) => [code, timeUs + 2 ** 32, ...rest],
    ]
    for (let index = 0; index < STEPS.length; index++) {
      for (const change of changes) {
        expect(fingerprintOf(withStep(index, change))).not.toBe(original)
      }
    }
  })

  it('differs when two steps change places, and when one is missing or doubled', () => {
    const variants = [
      STEPS,
      [STEPS[1]!, STEPS[0]!, ...STEPS.slice(2)],
      [...STEPS.slice(0, 2), STEPS[3]!, STEPS[2]!],
      STEPS.slice(0, 3),
      STEPS.slice(1),
      [...STEPS, STEPS[3]!],
    ]
    expect(new Set(variants.map(fingerprintOf)).size).toBe(variants.length)
  })

  it('still depends on the first step after a hundred thousand more', () => {
    const long = (first: Step) =>
      fingerprintOf([first, ...Array.from({ length: 100_000 }, (_, k): Step => [1, k, 5, k])])
    expect(long([1, 0, 5, 0])).not.toBe(long([1, 0, 5, 1]))
    expect(long([1, 0, 5, 0])).not.toBe(long([2, 0, 5, 0]))
  })

  it('has no collision among a hundred thousand runs of one step', () => {
    // Of 10^5 random 64-bit words two agree with a probability of 3e-10.
    const seen = new Set<string>()
    for (let index = 0; index < 100_000; index++) {
      seen.add(fingerprintOf([[1 + (index % 9), Math.floor(index / 9) * 1_000, 42, index % 7]]))
    }
    expect(seen.size).toBe(100_000)
  })
})
