/** What is said about mistakes in VPCs, subnets, NAT gateways and functions in them. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { inVpc } from '../support/networks.ts'
import { compileText, NO_FILES } from '../support/run.ts'

async function problems(scenario: unknown, set: readonly string[] = []): Promise<string> {
  const text = JSON.stringify(scenario)
  const loaded = await loadScenario({ text, fileName: 'test.yaml', files: NO_FILES, set })
  return loaded.ok ? '' : loaded.formatted
}

const SECOND_VPC = {
  vpcs: { main: {}, other: {} },
  subnets: {
    private: { vpcId: 'main', cidrBlock: '10.0.1.0/24' },
    far: { vpcId: 'other', cidrBlock: '10.1.1.0/24' },
  },
}

describe('a reference to nothing', () => {
  it.each([
    [
      'a subnet',
      inVpc({ vpcConfig: { subnetIds: ['privat'] } }),
      'no subnet `privat`: known are private; did you mean `private`?',
    ],
    ['a gateway', inVpc({ network: { natGateway: 'in' } }), 'no NAT gateway `in`: known are out'],
    ['a VPC', inVpc({ subnet: { vpcId: 'mine' } }), 'no VPC `mine`: known are main'],
    [
      'another thing',
      inVpc({ subnet: { vpcId: 'out' } }),
      '`out` is a NAT gateway, and where a subnet is is a VPC',
    ],
  ])('as %s lists what there is', async (_what, scenario, message) => {
    expect(await problems(scenario)).toContain(message)
  })
})

describe('a subnet', () => {
  it.each(['10.0.0.0/8', '10.0.0.0/29', '10.0.0/24', '300.0.0.0/24', '10.0.0.0'])(
    'does not have the addresses %s',
    async (cidrBlock) => {
      expect(await problems(inVpc({ subnet: { cidrBlock } }))).toContain(
        `\`${cidrBlock}\` is no CIDR block of a subnet`,
      )
    },
  )

  it('says how many addresses it has', async () => {
    expect(await problems(inVpc({ subnet: { cidrBlock: undefined } }))).toContain(
      'how many addresses has it? Give cidrBlock',
    )
  })

  it('has a name that no VPC and no gateway has', async () => {
    const scenario = { ...inVpc(), subnets: { main: { vpcId: 'main', cidrBlock: '10.0.1.0/24' } } }
    expect(await problems(scenario)).toContain('vpcs.main has the same name')
  })
})

describe('a function', () => {
  it('is in one VPC', async () => {
    const scenario = { ...inVpc({ vpcConfig: { subnetIds: ['private', 'far'] } }), ...SECOND_VPC }
    expect(await problems(scenario)).toContain(
      'a function is in one VPC, and this subnet is in other, not in main',
    )
  })

  it('leaves its VPC by a gateway of that VPC', async () => {
    const scenario = { ...inVpc(), ...SECOND_VPC, natGateways: { out: { vpcId: 'other' } } }
    expect(await problems(scenario)).toContain(
      'f is in main, and the NAT gateway that leads to partner is in other',
    )
  })

  it('is in each subnet once, and in one at least', async () => {
    const twice = inVpc({ vpcConfig: { subnetIds: ['private', 'private'] } })
    expect(await problems(twice)).toContain('subnetIds names one of them twice')
    expect(await problems(inVpc({ vpcConfig: { subnetIds: [] } }))).toContain(
      'subnetIds names at least one',
    )
  })

  it('is not Pending without a VPC, nor before there were states', async () => {
    const initial = { functions: { f: { state: 'Pending' } } }
    const scenario = inVpc({ initial, platform: '2019-08' })
    expect(await problems(scenario)).toContain('no function was Pending on a platform of 2019-08')
    expect(await problems({ ...inVpc({ initial }) }, ['platform=2019-09'])).toBe('')
    const plain = inVpc({ initial }) as { functions: { f: Record<string, unknown> } }
    delete plain.functions.f.vpcConfig
    expect(await problems(plain)).toContain('f is in no VPC')
  })

  it('is not created in the timeline without a VPC', async () => {
    const timeline = [{ at: '1s', create: 'f' }]
    expect(await problems(inVpc({ timeline }))).toBe('')
    expect(await problems(inVpc({ timeline, platform: '2019-08' }))).toContain(
      'no function was Pending',
    )
  })

  it('has no environments at the start that would have interfaces of their own', async () => {
    const initial = { functions: { f: { environments: 5 } } }
    expect(await problems(inVpc({ initial }))).toBe('')
    expect(await problems(inVpc({ initial, platform: '2018-01' }))).toContain(
      'how many are there at the start is not modelled',
    )
  })

  it('is led from words of other tools to those of CloudFormation', async () => {
    const words = inVpc({ vpcConfig: { subnets: ['private'] } })
    expect(await problems(words)).toContain('did you mean `subnetIds`?')
  })
})

it('traffic does not come to a subnet', async () => {
  const scenario = { ...inVpc(), traffic: { web: { to: 'private', rate: '1/s' } } }
  expect(await problems(scenario)).toMatch(/private/)
})

it('what has no use is warned of', async () => {
  const scenario = {
    ...inVpc(),
    vpcs: { main: {}, idle: {} },
    natGateways: { out: { vpcId: 'main' }, spare: { vpcId: 'main' } },
    subnets: {
      private: { vpcId: 'main', cidrBlock: '10.0.1.0/24' },
      empty: { vpcId: 'main', cidrBlock: '10.0.2.0/24' },
    },
  }
  const { warnings } = await compileText(scenario)
  for (const path of ['vpcs.idle', 'natGateways.spare', 'subnets.empty']) {
    expect(warnings.filter((warning) => warning.includes(path))).toHaveLength(1)
  }
})

it('a downstream behind a gateway that no function in a VPC calls is warned of', async () => {
  const scenario = inVpc() as { functions: { f: Record<string, unknown> } }
  delete scenario.functions.f.vpcConfig
  const { warnings } = await compileText(scenario)
  expect(warnings.some((warning) => warning.includes('no function in a VPC calls it'))).toBe(true)
})
