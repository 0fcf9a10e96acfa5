import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scenarioJsonSchemaText } from '../../src/scenario/json-schema.ts'
import { call, inTemporaryDirectory } from './harness.ts'

describe('init', () => {
  test('writes a scenario that is valid and runs, with the schema for editors beside it', () =>
    inTemporaryDirectory(async (directory) => {
      const outcome = await call(directory, ['init'])
      expect(outcome).toEqual({
        exitCode: 0,
        stdout:
          'Wrote hello.yaml. Next:\n  spillway explain hello.yaml\n  spillway run hello.yaml\n',
        stderr: '',
      })
      expect(readdirSync(directory).sort()).toEqual(['hello.yaml', 'scenario.schema.json'])
      const text = readFileSync(join(directory, 'hello.yaml'), 'utf8')
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/scenario\.schema\.json\n/)
      expect((await call(directory, ['explain', 'hello.yaml'])).exitCode).toBe(0)
      expect((await call(directory, ['run', 'hello.yaml'])).exitCode).toBe(0)
    }))

  test('brings the files that the template reads', () =>
    inTemporaryDirectory(async (directory) => {
      await call(directory, ['init', 'azure-trace-replay'])
      const { exitCode, stderr } = await call(directory, ['run', 'azure-trace-replay.yaml', '-q'])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    }))

  test('names compare where the template has variants', () =>
    inTemporaryDirectory(async (directory) => {
      const { stdout } = await call(directory, ['init', 'provisioned-what-if'])
      expect(stdout).toMatch(/\n {2}spillway compare provisioned-what-if\.yaml\n$/)
    }))

  test('never overwrites', () =>
    inTemporaryDirectory(async (directory) => {
      writeFileSync(join(directory, 'hello.yaml'), 'mine')
      const { exitCode, stderr } = await call(directory, ['init'])
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^spillway: hello\.yaml exists already, and init never overwrites\n/)
      expect(readFileSync(join(directory, 'hello.yaml'), 'utf8')).toBe('mine')
    }))

  test('names the templates when it does not know one', () =>
    inTemporaryDirectory(async (directory) => {
      const { exitCode, stderr } = await call(directory, ['init', 'helo'])
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^spillway: there is no template helo; did you mean hello\?\n/)
      expect(stderr).toMatch(/\nspillway: templates: hello/)
      expect(readdirSync(directory)).toEqual([])
    }))

  test('--list shows each template with its story and writes nothing', () =>
    inTemporaryDirectory(async (directory) => {
      const { exitCode, stdout } = await call(directory, ['init', '--list'])
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/^hello +One function answers/)
      for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^[a-z0-9-]+ +\S/)
      expect(readdirSync(directory)).toEqual([])
    }))
})

test('schema prints the JSON Schema of scenarios', () =>
  inTemporaryDirectory(async (directory) => {
    const { exitCode, stdout } = await call(directory, ['schema'])
    expect(exitCode).toBe(0)
    expect(stdout).toBe(scenarioJsonSchemaText())
    expect(JSON.parse(stdout)).toHaveProperty('properties.functions')
  }))
