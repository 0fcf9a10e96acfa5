import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { call } from '../cli/harness.ts'
import { readHeader } from './header.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** The measurements of 2020 have a test of their own, beside what they are compared with. */
const VALIDATED_ELSEWHERE = ['lambda-2020']

const NAMES = readdirSync(`${ROOT}scenarios`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length))

describe('scenarios', () => {
  test.each(NAMES)('%s opens with schema, Story, Try and Expect, and bears its name', (name) => {
    const text = readFileSync(`${ROOT}scenarios/${name}.yaml`, 'utf8')
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/)
    const { story, tries, outcomes, expect: expected } = readHeader(text)
    expect(story).not.toBe('')
    expect(tries.length).toBeGreaterThan(0)
    expect(outcomes).not.toContain('')
    expect(expected).not.toBe('')
    expect(text).toContain(`\nname: ${name}\n`)
  })

  test.each(NAMES)('%s is valid', async (name) => {
    expect((await call(ROOT, ['validate', `scenarios/${name}.yaml`])).exitCode).toBe(0)
  })

  test.each(NAMES.filter((name) => !VALIDATED_ELSEWHERE.includes(name)))(
    '%s has a test of what it lets a reader expect',
    (name) => {
      expect(existsSync(`${ROOT}test/scenarios/${name}.test.ts`)).toBe(true)
    },
  )

  test.each(NAMES)('%s is in the list of scenarios', (name) => {
    expect(readFileSync(`${ROOT}scenarios/README.md`, 'utf8')).toContain(`[${name}](${name}.yaml)`)
  })
})
