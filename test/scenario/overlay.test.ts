import { describe, expect, test } from 'vitest'
import { compile, complaint, load, scenario, withFunction } from './support.ts'

describe('--set', () => {
  test('replaces, adds and makes maps on the way', async () => {
    const compiled = await compile(scenario(), [
      'functions.hello.timeout=7s',
      'functions.hello.handler.failures.crash=1%',
      'account.otherFunctions.unreservedConcurrency=350',
      'traffic.visitors.rate=5/s',
      'functions.hello.handler.duration.exponential.mean=90ms',
    ])
    expect(compiled.functions[0]).toMatchObject({
      timeoutUs: 7_000_000,
      handler: { failures: { crash: 0.01 }, duration: { mean: 90_000 } },
    })
    expect(compiled.account.otherUnreservedConcurrency).toBe(350)
    expect(compiled.traffic[0]?.peakRatePerSecond).toBe(5)
  })

  test('takes a setting away with null, as the timeline does', async () => {
    const unneeded = scenario({
      functions:
        '{ hello: &f { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none }, two: *f }',
    })
    const { functions } = await compile(unneeded, ['functions.two=null'])
    expect(functions.map(({ name }) => name)).toEqual(['hello'])
    expect(await complaint(unneeded, ['functions.tow=null'])).toContain(
      '--set functions.tow=null: there is no functions.tow',
    )
    const limited = withFunction('reservedConcurrentExecutions: 5')
    expect((await compile(limited)).functions[0]?.reservedConcurrency).toBe(5)
    const set = ['functions.hello.reservedConcurrentExecutions=null']
    expect((await compile(limited, set)).functions[0]?.reservedConcurrency).toBeNull()
  })

  test('reads its value as YAML, so maps and lists work', async () => {
    const compiled = await compile(scenario(), [
      'functions.hello.handler={ duration: { uniform: { min: 10ms, max: 30ms } } }',
      'seed=word',
    ])
    expect(compiled.functions[0]?.handler.duration.mean).toBe(20_000)
    expect(compiled.seed).toBe('word')
  })

  test('addresses an entry of a list by its index', async () => {
    const text = scenario({
      traffic: '{ v: { to: hello, stages: [ { for: 1m, rate: 1/s }, { for: 1m, rate: 2/s } ] } }',
    })
    const compiled = await compile(text, ['traffic.v.stages.1.rate=9/s'])
    expect(compiled.traffic[0]?.peakRatePerSecond).toBe(9)
    expect(await complaint(text, ['traffic.v.stages.2.rate=9/s'])).toMatchInlineSnapshot(`
      "s.yaml:5:28: --set traffic.v.stages.2.rate=9/s: \`2\` is no index into a list of 2
        traffic: { v: { to: hello, stages: [ { for: 1m, rate: 1/s }, { for: 1m, rate: 2/s } ] } }
                                   ^^^^^^"
    `)
  })

  const two = scenario({
    functions:
      '{ one: &f { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none }, two: *f }',
    traffic: '{ visitors: { to: one, rate: 20/s } }',
  })

  test('reaches every entity of a section with a star', async () => {
    const timeouts = (
      await compile(two, ['functions.*.timeout=9s', 'functions.two.timeout=8s'])
    ).functions.map(({ timeoutUs }) => timeoutUs)
    expect(timeouts).toEqual([9_000_000, 8_000_000])
    const gone = await compile(two, ['functions.two=null', 'functions.*.timeout=9s'])
    expect(gone.functions.map(({ name }) => name)).toEqual(['one'])
  })

  test('a star finds names and makes none', async () => {
    expect(await complaint(two, ['queues.*.visibilityTimeout=9s'])).toMatch(
      /^s\.yaml:1:1: --set queues\.\*\.visibilityTimeout=9s: there is no queues\.\*\n/,
    )
    expect(await complaint(two, ['functions.*.timeout=9'])).toMatch(
      /--set functions\.\*\.timeout=9: `9` has no unit[\s\S]*--set functions\.\*\.timeout=9: `9` has no unit/,
    )
  })

  test('later ones win', async () => {
    const compiled = await compile(scenario(), ['seed=5', 'seed=6'])
    expect(compiled.seed).toBe('6')
  })

  test('an unknown path is an error at that path', async () => {
    expect(
      await complaint(withFunction(''), ['functions.hello.memorySiz=512']),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:3: --set functions.hello.memorySiz=512: unknown key \`memorySiz\` in functions.hello; did you mean \`memorySize\`?
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none }
          ^^^^^"
    `)
    expect(
      await complaint(withFunction(''), ['functions.helo.memorySize=512']),
    ).toMatchInlineSnapshot(`
      "s.yaml:4:1: --set functions.helo.memorySize=512: there is no functions.helo; did you mean \`hello\`?
        functions: 
        ^^^^^^^^^"
    `)
    expect(await complaint(withFunction(''), ['foo.bar=1'])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set foo.bar=1: unknown key \`foo\`: known here are name, description, duration, warmUp, metricsPeriod, seed, startsAt, platform, drain, maximumDrain, account, functions, queues, topics, buses, streams, tables, buckets, downstreams, apis, vpcs, subnets, natGateways, capacityProviders, stateMachines, traffic, timeline, initial, thresholds, variants, billing
        name: test
        ^"
    `)
  })

  test('a wrong value names the override', async () => {
    expect(
      await complaint(withFunction(''), ['functions.hello.timeout=16m']),
    ).toMatchInlineSnapshot(`
      "s.yaml:5:3: --set functions.hello.timeout=16m: \`16m\` is out of range: from 1s to 15m is allowed
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none }
          ^^^^^"
    `)
    expect(
      await complaint(withFunction(''), ['traffic.visitors.rate=-1/s']),
    ).toMatchInlineSnapshot(`
      "s.yaml:6:41: --set traffic.visitors.rate=-1/s: a rate cannot be negative (\`-1/s\`)
        traffic: { visitors: { to: hello, rate: 20/s } }
                                                ^^^^"
    `)
  })

  test('what is no override says what one is', async () => {
    expect(await complaint(scenario(), ['functions.hello.timeout'])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set functions.hello.timeout: an override is PATH=VALUE, such as functions.checkout.memorySize=512
        name: test
        ^"
    `)
    expect(await complaint(scenario(), ['functions..timeout=5s'])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set functions..timeout=5s: a path is keys joined by dots, such as functions.checkout.memorySize
        name: test
        ^"
    `)
    expect(await complaint(scenario(), ['__proto__.polluted=1'])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set __proto__.polluted=1: a path is keys joined by dots, such as functions.checkout.memorySize
        name: test
        ^"
    `)
    expect(await complaint(scenario(), ['seed={ a: '])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set seed={ a: : the value is not valid YAML
        name: test
        ^"
    `)
    expect(await complaint(scenario(), ['seed=*a'])).toMatchInlineSnapshot(`
      "s.yaml:1:1: --set seed=*a: the value may not contain aliases
        name: test
        ^"
    `)
  })

  test('does not change the scenario it is applied to', async () => {
    const plain = {
      name: 'a',
      duration: '10m',
      account: { region: 'us-east-1' },
      functions: { f: { runtime: 'nodejs22.x', coldStart: 'none', handler: { duration: '5ms' } } },
    }
    const before = JSON.stringify(plain)
    await load(plain, ['functions.f.timeout=9s'])
    expect(JSON.stringify(plain)).toBe(before)
  })
})

describe('memory by override', () => {
  const text = (cpuBound: string): string =>
    withFunction('memorySize: 512').replace('50ms', `50ms${cpuBound}`)

  test('needs to know how much of the duration is CPU-bound', async () => {
    expect(await complaint(text(''), ['functions.hello.memorySize=1024'])).toMatchInlineSnapshot(`
      "s.yaml:5:74: --set functions.hello.memorySize=1024: how the duration of hello changes from 512 to 1024 MB is not known: state handler.cpuBound (0% if not at all)
          hello: { runtime: nodejs22.x, handler: { duration: 50ms }, memorySize: 512, coldStart: none }
                                                                                 ^^^"
    `)
    expect(await complaint(text(''), ['functions.hello.memorySize=512MB'])).toBe('no complaint')
  })

  test.each([
    ['cpuBound: 60%', '1024', 50_000 * (0.4 + 0.6 / 2)],
    ['cpuBound: 100%', '256', 100_000],
    ['cpuBound: 0%', '256', 50_000],
    // 10240 MB have no more of one CPU than 1769 MB.
    ['cpuBound: 100%', '10240', 50_000 / (1769 / 512)],
  ])('with %s and %s MB the duration follows the CPU', async (cpuBound, memory, expectedUs) => {
    const compiled = await compile(text(`, ${cpuBound}`), [`functions.hello.memorySize=${memory}`])
    const { duration } = compiled.functions[0]!.handler
    expect(duration.mean).toBeCloseTo(expectedUs, 6)
    expect(duration.quantile(0.5)).toBe(duration.mean)
    expect(compiled.functions[0]?.memoryMb).toBe(Number(memory))
  })

  test('scales every view of a distribution alike', async () => {
    const base = text(', cpuBound: 100%').replace('50ms', '{ uniform: { min: 10ms, max: 30ms } }')
    const [before, after] = await Promise.all([
      compile(base),
      compile(base, ['functions.hello.memorySize=256']),
    ])
    const [one, two] = [before, after].map(({ functions }) => functions[0]!.handler.duration)
    expect(two!.mean).toBe(2 * one!.mean)
    expect(two!.variance).toBe(4 * one!.variance)
    expect(two!.quantile(0.25)).toBe(2 * one!.quantile(0.25))
    expect(two!.cumulative(40_000)).toBe(one!.cumulative(20_000))
  })

  test.each([
    ['', 50_000],
    [', cpuBound: 100%', 50_000],
    [', cpuBound: 60%', 70_000],
    [', cpuBound: 0%', 100_000],
  ])('a stated first invocation follows the CPU (%s)', async (cpuBound, expectedUs) => {
    const text = withFunction('memorySize: 512')
      .replace('50ms', '50ms, cpuBound: 0%')
      .replace('coldStart: none', `coldStart: { firstInvocation: 100ms${cpuBound} }`)
    const compiled = await compile(text, ['functions.hello.memorySize=1024'])
    expect(compiled.functions[0]?.coldStart.firstInvocation.mean).toBeCloseTo(expectedUs, 6)
    expect((await compile(text)).functions[0]?.coldStart.firstInvocation.mean).toBe(100_000)
  })

  test('a duration that is overridden as well is meant for the new memory', async () => {
    const compiled = await compile(text(''), [
      'functions.hello.memorySize=1024',
      'functions.hello.handler.duration=7ms',
    ])
    expect(compiled.functions[0]?.handler.duration.mean).toBe(7_000)
  })

  test('nothing scales without an override', async () => {
    const compiled = await compile(text(', cpuBound: 60%'))
    expect(compiled.functions[0]?.handler.duration.mean).toBe(50_000)
  })
})

describe('the digest', () => {
  test('names the content, not the layout', async () => {
    const { digest } = await load(scenario())
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
    expect((await load(`# note\n${scenario()}`)).digest).toBe(digest)
    expect((await load(scenario(), ['seed=2'])).digest).not.toBe(digest)
    expect((await load(scenario(), ['seed=2'])).digest).toBe(
      (await load(scenario({ seed: '2' }))).digest,
    )
  })
})
