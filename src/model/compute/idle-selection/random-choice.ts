import type { IdleSelectionEntry, IdleSet } from './idle-set.ts'

/** An array whose holes are filled from the end. */
class RandomChoice implements IdleSet {
  private readonly members: number[] = []
  private readonly positions = new Map<number, number>()
  private readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  get size(): number {
    return this.members.length
  }

  add(environment: number): void {
    this.positions.set(environment, this.members.length)
    this.members.push(environment)
  }

  addUnused(environment: number): void {
    this.add(environment)
  }

  take(): number {
    if (this.members.length === 0) return -1
    const environment = this.members[Math.floor(this.random() * this.members.length)]!
    this.remove(environment)
    return environment
  }

  remove(environment: number): void {
    const position = this.positions.get(environment)!
    const last = this.members.pop()!
    this.positions.delete(environment)
    if (last === environment) return
    this.members[position] = last
    this.positions.set(last, position)
  }

  anyMember(): number {
    return this.members.at(-1) ?? -1
  }
}

export const randomChoice: IdleSelectionEntry = {
  kind: 'random',
  summary: 'Every idle environment is equally likely to serve next.',
  create: (_store, random) => new RandomChoice(random),
}
