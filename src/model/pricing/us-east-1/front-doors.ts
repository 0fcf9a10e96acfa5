/** Amazon API Gateway and Elastic Load Balancing. */
import { flat, type Prices } from '../price-list.ts'
import { GOLDEN_FILES } from './sources.ts'

const measured = { confidence: 'measured', source: GOLDEN_FILES } as const

export const frontDoorPrices: Prices = {
  restApiRequests: [
    {
      tiers: [
        { upTo: '333000000', usd: '0.0000035' },
        { upTo: '1000000000', usd: '0.0000028' },
        { upTo: '20000000000', usd: '0.00000238' },
        { upTo: null, usd: '0.00000151' },
      ],
      ...measured,
    },
  ],
  httpApiRequests: [
    {
      tiers: [
        { upTo: '300000000', usd: '0.000001' },
        { upTo: null, usd: '0.0000009' },
      ],
      ...measured,
    },
  ],
  webSocketMessages: [
    {
      tiers: [
        { upTo: '1000000000', usd: '0.000001' },
        { upTo: null, usd: '0.0000008' },
      ],
      ...measured,
    },
  ],
  webSocketConnections: [{ tiers: flat('0.00000025'), ...measured }],
  albHours: [{ tiers: flat('0.0225'), ...measured }],
  albCapacity: [{ tiers: flat('0.008'), ...measured }],
}
