import { expect } from 'vitest'
import { erlangB } from '../../src/stats/queueing-theory.ts'
import { describeLesson } from './lesson.ts'

const PLACES = 65
const USERS = 100

/**
 * Loss seen by a finite number of users who think as long as they are served, on average: who
 * asks sees the others, USERS - 1 of them. Source: T. Engset, "Die Wahrscheinlichkeitsrechnung zur
 * Bestimmung der Wählerzahl in automatischen Fernsprechämtern", 1918.
 */
function engsetLoss(): number {
  let term = 1
  let sum = 1
  for (let busy = 1; busy <= PLACES; busy++) {
    term = (term * (USERS - busy)) / busy
    sum += term
  }
  return term / sum
}

describeLesson({
  name: 'load-test',
  exitCode: 99,
  expects: (figures) => {
    expect(figures.causes()).toEqual(['reserved-concurrency'])
    return [
      `${figures.share('testers', 'ThrottledRequests')} of the testers' requests are throttled (Engset's formula says ${(100 * engsetLoss()).toFixed(3)}%)`,
      `${figures.share('visitors', 'ThrottledRequests')} of the visitors' (Erlang B says ${(100 * erlangB(PLACES, 50)).toFixed(3)}%)`,
    ]
  },
  tries: [
    {
      exitCode: 99,
      expects: (figures) => [`${figures.share('testers', 'ThrottledRequests')} are throttled`],
    },
  ],
})
