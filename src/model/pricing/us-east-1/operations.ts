/** AWS Step Functions, NAT gateways and Amazon CloudWatch Logs. */
import { flat, type Prices } from '../price-list.ts'
import { GOLDEN_FILES } from './sources.ts'

const measured = { confidence: 'measured', source: GOLDEN_FILES } as const

export const operationPrices: Prices = {
  stepFunctionsTransitions: [
    {
      tiers: flat('0.000025'),
      free: { group: 'step-functions-transitions', units: '4000' },
      ...measured,
    },
  ],
  stepFunctionsExpressRequests: [{ tiers: flat('0.000001'), ...measured }],
  // A price of GB-hours, $0.060012, $0.029988 and $0.016416, up to 1,000 and 5,000 of them.
  stepFunctionsExpressDuration: [
    {
      tiers: [
        { upTo: '3600000', usd: '0.00001667' },
        { upTo: '18000000', usd: '0.00000833' },
        { upTo: null, usd: '0.00000456' },
      ],
      ...measured,
    },
  ],
  natGatewayHours: [{ tiers: flat('0.045'), ...measured }],
  natGatewayData: [{ tiers: flat('0.045'), ...measured }],
  cloudWatchLogs: [
    {
      tiers: [
        { upTo: '10240', usd: '0.5' },
        { upTo: '30720', usd: '0.25' },
        { upTo: '51200', usd: '0.1' },
        { upTo: null, usd: '0.05' },
      ],
      ...measured,
    },
  ],
}
