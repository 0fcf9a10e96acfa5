/** Amazon SQS, Amazon SNS and Amazon EventBridge. */
import { flat, type Prices } from '../price-list.ts'
import { GOLDEN_FILES } from './sources.ts'

const measured = { confidence: 'measured', source: GOLDEN_FILES } as const
const remembered = { confidence: 'assumed', source: 'no stored page has it' } as const

/** A million requests to queues of either kind. */
const FREE_REQUESTS = { group: 'sqs-requests', units: '1000000' } as const

export const messagingPrices: Prices = {
  // Above 100,000 million requests it is assumed.
  sqsRequests: [
    {
      tiers: [
        { upTo: '100000000000', usd: '0.0000004' },
        { upTo: '200000000000', usd: '0.0000003' },
        { upTo: null, usd: '0.00000024' },
      ],
      free: FREE_REQUESTS,
      ...measured,
    },
  ],
  sqsFifoRequests: [{ tiers: flat('0.0000005'), free: FREE_REQUESTS, ...measured }],
  snsRequests: [
    { tiers: flat('0.0000005'), free: { group: 'sns-requests', units: '1000000' }, ...measured },
  ],
  snsFifoRequests: [{ tiers: flat('0.0000003'), ...measured }],
  snsFifoData: [{ tiers: flat('0.017'), ...measured }],
  snsFifoDeliveries: [{ tiers: flat('0.00000001'), ...measured }],
  snsFifoDeliveryData: [{ tiers: flat('0.001'), ...measured }],
  eventBridgeEvents: [{ tiers: flat('0.000001'), ...measured }],
  eventBridgeScheduler: [
    {
      tiers: flat('0.000001'),
      free: { group: 'eventbridge-scheduler', units: '14000000' },
      ...remembered,
    },
  ],
  eventBridgePipes: [{ tiers: flat('0.0000004'), ...remembered }],
}
