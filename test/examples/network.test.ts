/** Worked example of the Lambda developer guide of 2018 on functions in a VPC. */
import { expect, it } from 'vitest'
import { interfacesNeeded } from '../../src/model/network/environment-interfaces.ts'
import { at, lambda, runExact, times } from '../support/exact.ts'

it('E79: 1,000 concurrent executions of 1.5 GB need 500 network interfaces', async () => {
  expect(interfacesNeeded(1_000, 1_536)).toBe(500)
  const view = await runExact(
    {
      duration: '30s',
      platform: '2018-12',
      account: { region: 'us-east-1', concurrentExecutions: 1_000 },
      vpcs: { main: { networkInterfaceLimit: 1_000 } },
      subnets: { a: { vpcId: 'main', cidrBlock: '10.0.0.0/20' } },
      functions: { f: lambda({ memorySize: 1_536, vpcConfig: { subnetIds: ['a'] } }) },
      traffic: { p: at('f', times(1_000, 1)) },
    },
    { rows: false },
  )
  expect(view.value('f.ConcurrentExecutions.maximum')).toBe(1_000)
  expect(view.value('main.NetworkInterfaces.maximum')).toBe(500)
})
