import { describe, expect, test } from 'vitest'
import { complaint } from './support.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a file that is no scenario gets one clear diagnostic', () => {
  test('an empty file', async () => {
    expect(await complaint('')).toMatchInlineSnapshot(
      `
      "s.yaml:1:1: the file is empty: a scenario is a YAML map
        
        ^"
    `,
    )
    expect(await complaint('# only a comment\n')).toMatchInlineSnapshot(`
      "s.yaml:1:1: the file is empty: a scenario is a YAML map
        # only a comment
        ^"
    `)
  })

  test('a list, a single value, an explicit null', async () => {
    expect(await complaint('- a\n- b\n')).toMatchInlineSnapshot(`
      "s.yaml:1:1: a scenario is a YAML map with keys such as \`name\` and \`functions\`, not a list
        - a
        ^"
    `)
    expect(await complaint('\nhello\n')).toMatchInlineSnapshot(`
      "s.yaml:2:1: a scenario is a YAML map with keys such as \`name\` and \`functions\`, not a single value
        hello
        ^"
    `)
    expect(await complaint('null\n')).toMatchInlineSnapshot(`
      "s.yaml:1:1: a scenario is a YAML map with keys such as \`name\` and \`functions\`, not a single value
        null
        ^"
    `)
  })

  test('several documents', async () => {
    expect(await complaint('name: a\n---\nname: b\n')).toMatchInlineSnapshot(`
      "s.yaml:2:1: the file holds several YAML documents: a scenario is one
        ---
        ^^^"
    `)
  })

  test('bytes that are not UTF-8, and control characters', async () => {
    expect(await complaint(new Uint8Array([0x6e, 0xff, 0xfe, 0x00]))).toMatchInlineSnapshot(
      `
      "s.yaml:1:2: the file is not UTF-8 text: a scenario is a YAML file
        n��·
         ^"
    `,
    )
    expect(await complaint(bytes('name: a\ndesc\u0000ription: b\n'))).toMatchInlineSnapshot(`
      "s.yaml:2:5: the file is not text: it contains the character U+0000
        desc·ription: b
            ^"
    `)
    expect(await complaint('name: \u001b[31mred\n')).toMatchInlineSnapshot(`
      "s.yaml:1:7: the file is not text: it contains the character U+001B
        name: ·[31mred
              ^"
    `)
  })

  test('broken YAML', async () => {
    expect(
      await complaint('name: a\naccount: { region: us-east-1\nduration: 5m\n'),
    ).toMatchInlineSnapshot(`
      "s.yaml:2:10: not valid YAML: \`{\` is never closed
        account: { region: us-east-1
                 ^"
    `)
    expect(await complaint('name: a\n\tduration: 5m\n')).toMatchInlineSnapshot(`
      "s.yaml:2:1: a tab indents this line: YAML indents with spaces
         duration: 5m
        ^"
    `)
    expect(await complaint('name: "a\n')).toMatchInlineSnapshot(
      `
      "s.yaml:1:7: not valid YAML: \`"\` is never closed
        name: "a
              ^"
    `,
    )
    expect(await complaint('name: !Sub a\n')).toMatchInlineSnapshot(`
      "s.yaml:1:7: YAML tags such as \`!Sub\` mean nothing in a scenario
        name: !Sub a
              ^^^^"
    `)
    expect(await complaint('? [a, b]\n: c\n')).toMatchInlineSnapshot(`
      "s.yaml:1:3: a key must be a plain word
        ? [a, b]
          ^"
    `)
  })

  test('duplicate keys', async () => {
    expect(await complaint('name: a\nduration: 5m\nname: b\n')).toMatchInlineSnapshot(`
      "s.yaml:3:1: duplicate key \`name\`: a key may stand once
        name: b
        ^"
    `)
  })

  test('a cycle of aliases', async () => {
    expect(await complaint('name: a\nfunctions: &f\n  g: *f\n')).toMatchInlineSnapshot(`
      "s.yaml:3:6: \`*f\` contains itself: a cycle of aliases has no end
          g: *f
             ^^"
    `)
    expect(await complaint('name: a\naccount: *nowhere\n')).toMatchInlineSnapshot(`
      "s.yaml:2:10: unknown anchor \`*nowhere\`
        account: *nowhere
                 ^^^^^^^^"
    `)
  })

  test('aliases that multiply', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
    )
    expect(await complaint(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toMatchInlineSnapshot(`
      "s.yaml:2:35: more than 200000 values: aliases of aliases multiply
        l1: &l1 [*l0, *l0, *l0, *l0, *l0, *l0, *l0, *l0, *l0]
                                          ^^^"
    `)
  })

  test('UTF-16, as some editors save it', async () => {
    const littleEndian = [...'\ufeffname: a\n'].flatMap((letter) => {
      const code = letter.charCodeAt(0)
      return [code & 255, code >> 8]
    })
    const bigEndian = littleEndian.map((_, index) => littleEndian[index ^ 1]!)
    for (const encoded of [littleEndian, bigEndian]) {
      expect(await complaint(new Uint8Array(encoded))).toMatchInlineSnapshot(`
        "s.yaml:1:1: the file is UTF-16: save it as UTF-8, which scenarios are
          name: a
          ^"
      `)
    }
  })

  test('brackets and quotes that nothing closes, pointed at where they open', async () => {
    expect(await complaint('name: [')).toMatchInlineSnapshot(`
      "s.yaml:1:7: not valid YAML: \`[\` is never closed
        name: [
              ^"
    `)
    expect(await complaint('name: a\naccount: [ [1], {}\n\n\n')).toMatchInlineSnapshot(`
      "s.yaml:2:10: not valid YAML: \`[\` is never closed
        account: [ [1], {}
                 ^"
    `)
    expect(await complaint('name: {a: "b", c: \'d\n')).toMatchInlineSnapshot(`
      "s.yaml:1:19: not valid YAML: \`'\` is never closed
        name: {a: "b", c: 'd
                          ^"
    `)
    expect(await complaint('name: "a\nduration: 5m\n')).toMatchInlineSnapshot(`
      "s.yaml:1:7: not valid YAML: \`"\` is never closed
        name: "a
              ^"
    `)
    expect(await complaint('{"name": "a\\"\n')).toMatchInlineSnapshot(`
      "s.yaml:1:10: not valid YAML: \`"\` is never closed
        {"name": "a\\"
                 ^"
    `)
  })

  test('nesting without end', async () => {
    expect(await complaint(`name: ${'['.repeat(100)}${']'.repeat(100)}\n`)).toMatchInlineSnapshot(`
      "s.yaml:1:71: nested deeper than 64 levels
        ...[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]...
                                                   ^"
    `)
    for (const part of ['[', '{a: ']) {
      expect(await complaint(`name: ${part.repeat(20_000)}`)).toMatch(
        /^s\.yaml:1:\d+: nested too deeply: a scenario has at most 64 levels\n {2}.+\n +\^$/,
      )
    }
  })

  test('a key that would change objects', async () => {
    expect(await complaint('name: a\n__proto__: { polluted: true }\n')).toMatchInlineSnapshot(`
      "s.yaml:2:1: unknown key \`__proto__\`
        __proto__: { polluted: true }
        ^^^^^^^^^"
    `)
  })
})

test('aliases that end are fine, and a fault points into what they name', async () => {
  const text = `name: a
duration: 10m
account: { region: us-east-1 }
functions:
  one: &base { runtime: nodejs22.x, coldStart: none, handler: { duration: 5 } }
  two: *base
`
  expect(await complaint(text)).toMatchInlineSnapshot(`
    "s.yaml:5:75: \`5\` has no unit: write 5s or 5ms, say
        one: &base { runtime: nodejs22.x, coldStart: none, handler: { duration: 5 } }
                                                                                ^"
  `)
  expect(await complaint(text.replace('duration: 5 ', 'duration: 5ms '))).toBe('no complaint')
})

test('a byte order mark and Windows line ends do not matter', async () => {
  const text = '\ufeffname: a\r\nduration: 5\r\n'
  expect(await complaint(bytes(text))).toMatchInlineSnapshot(`
    "s.yaml:1:1: missing required key \`account\`
      name: a
      ^
    s.yaml:1:1: missing required key \`functions\`
      name: a
      ^
    s.yaml:2:11: \`5\` has no unit: write 5s or 5ms, say
      duration: 5
                ^"
  `)
})

test('a plain object is positioned as its JSON', async () => {
  expect(await complaint({ name: 'a', duration: 5 })).toMatchInlineSnapshot(`
    "s.yaml:1:1: missing required key \`account\`
      {
      ^
    s.yaml:1:1: missing required key \`functions\`
      {
      ^
    s.yaml:3:15: \`5\` has no unit: write 5s or 5ms, say
        "duration": 5
                    ^"
  `)
})
