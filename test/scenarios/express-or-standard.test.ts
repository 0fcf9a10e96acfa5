import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const MS_PER_SECOND = 1_000

const refused = (figures: Figures) => figures.value('checkout', 'ExecutionsRefused', 'sum')

describeLesson({
  name: 'express-or-standard',
  expects: (figures) => [
    `refuses ${figures.count('checkout', 'ExecutionsRefused')} of ${figures.outcomes('shoppers', 'entered')} orders`,
    `takes ${figures.time('checkout', 'ExecutionTime', 'p50')} at the median`,
    `${figures.count('checkout', 'StateTransitions')} state transitions cost ${figures.dollars('checkout', 'step-functions-transitions')}`,
    `functions ${figures.dollars('record', 'lambda')} to ${figures.dollars('price', 'lambda')} each`,
  ],
  tries: [
    {},
    {
      expects: (figures) => {
        expect(refused(figures)).toBe(0)
        const billedMs = figures.value('checkout', 'ExpressExecutionBilledDuration', 'sum')
        return [
          `${figures.count('checkout', 'ExecutionsStarted')} starts cost ${figures.dollars('checkout', 'step-functions-express-requests')}`,
          `${count(billedMs / MS_PER_SECOND)} seconds of executions ${figures.dollars('checkout', 'step-functions-express-duration')}`,
        ]
      },
    },
    {
      expects: (figures) => [
        `some run twice: ${figures.count('checkout', 'DuplicateExecutions')} of them`,
      ],
    },
    {
      expects: (figures) => [
        `refuse ${figures.count('checkout', 'ExecutionsRefused')} orders and delay ${figures.count('checkout', 'ExecutionThrottled')} state transitions`,
      ],
    },
    {
      expects: (figures) => {
        expect(refused(figures)).toBe(0)
        return [
          `${figures.count('checkout', 'ExecutionThrottled')} wait, and a checkout takes ${figures.time('checkout', 'ExecutionTime', 'p99')} at the 99th percentile`,
        ]
      },
    },
  ],
})

test('express-or-standard: Express costs a small part of a month of Standard', () =>
  inTemporaryDirectory(
    async (directory) => {
      const words = ['compare', 'express-or-standard.yaml', '--format', 'json']
      const { stdout } = await call(directory, words)
      const { cheapest } = JSON.parse(stdout).advice
      expect(cheapest).toMatchObject({ name: 'express', basis: 'month' })
      const { costUsd, next } = cheapest
      expect(next).toMatchObject({ name: 'as-written', isDetectable: true })
      expect(percent(costUsd / (costUsd + next.excessUsd))).toBe('2.8%')
    },
    fileURLToPath(new URL('../../scenarios/', import.meta.url)),
  ))
