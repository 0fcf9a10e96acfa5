/** The check at the end of a run that no downstream has lost a call or answered one twice. */
import { describe, expect, it } from 'vitest'
import { Clock } from '../../../src/kernel/time.ts'
import { BaseDownstream } from '../../../src/model/downstream/base.ts'
import { CALL_SUCCEEDED, Calls } from '../../../src/model/downstream/calls.ts'
import { Recorder } from '../../../src/model/metrics/recorder.ts'
import type { World } from '../../../src/model/world.ts'

/** Does what a test tells it. */
class Obedient extends BaseDownstream {
  protected enter(): void {}

  protected leave(): boolean {
    return true
  }

  reply(call: number): void {
    this.answer(call, CALL_SUCCEEDED)
  }
}

function setting() {
  const clock = new Clock()
  const calls = new Calls()
  const owner = calls.addOwner({ onAnswer: (call) => calls.give(call) })
  const world = {
    simulator: clock,
    calls,
    recorder: new Recorder(clock, null, false),
    transitions: { timeParts: null },
    addEventKind: () => 0,
  } as unknown as World
  const open = () => calls.open(owner, 0)
  return { calls, open, db: new Obedient('db', 0, world), other: new Obedient('other', 0, world) }
}

describe('the books of a downstream', () => {
  it('balance while calls are open, answered and given up', () => {
    const { db, open } = setting()
    const [answered, abandoned] = [open(), open()]
    for (const call of [answered, abandoned, open()]) db.begin(call)
    db.reply(answered)
    db.abandon(abandoned)
    expect(db.closeBooks()).toEqual([])
  })

  it('do not where a call is answered that it does not have any more', () => {
    const { db, open } = setting()
    const call = open()
    db.begin(call)
    db.reply(call)
    db.reply(call)
    expect(() => db.closeBooks()).toThrow(
      'downstreams.db: 1 calls began, 2 ended, and 0 wait for an answer',
    )
  })

  it('do not where a call has gone to another downstream', () => {
    const { db, other, open } = setting()
    const call = open()
    db.begin(call)
    expect(() => other.begin(call)).toThrow('call 0 is made to two downstreams')
    other.reply(call)
    expect(() => db.closeBooks()).toThrow(
      'downstreams.db: 1 calls began, 0 ended, and 0 wait for an answer',
    )
  })

  it('need none of that to find a call that is dropped', () => {
    const { calls, db, open } = setting()
    const call = open()
    db.begin(call)
    expect(() => calls.give(call)).toThrow('call 0 is forgotten without an answer')
  })
})
