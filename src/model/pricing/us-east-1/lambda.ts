/** AWS Lambda. */
import { flat, type Price, type Prices } from '../price-list.ts'
import { GOLDEN_FILES } from './sources.ts'

const PAGE = 'aws.amazon.com/lambda/pricing'
const TIERS = `${PAGE}; tiers from the offer file of us-east-1`

const documented = (usd: string, source = PAGE): Price => ({
  tiers: flat(usd),
  confidence: 'documented',
  source,
})

const instance = (usd: string): Price => ({
  tiers: flat(usd),
  confidence: 'measured',
  source: GOLDEN_FILES,
})

/** 400,000 GB-seconds, of either architecture. Not with provisioned concurrency. */
const FREE_DURATION = { group: 'lambda-duration', units: '400000' } as const
const FREE_REQUESTS = { group: 'lambda-requests', units: '1000000' } as const

export const lambdaPrices: Prices = {
  lambdaRequests: [{ ...documented('0.0000002'), free: FREE_REQUESTS }],
  lambdaDurationX86: [
    {
      since: '2020-12',
      tiers: [
        { upTo: '6000000000', usd: '0.0000166667' },
        { upTo: '15000000000', usd: '0.0000150000' },
        { upTo: null, usd: '0.0000133334' },
      ],
      free: FREE_DURATION,
      hasSavingsPlan: true,
      confidence: 'documented',
      source: TIERS,
    },
    { ...documented('0.00001667', `${PAGE}, as of 2018 to 2020`), free: FREE_DURATION },
  ],
  lambdaDurationArm: [
    {
      tiers: [
        { upTo: '7500000000', usd: '0.0000133334' },
        { upTo: '18750000000', usd: '0.0000120001' },
        { upTo: null, usd: '0.0000106667' },
      ],
      free: FREE_DURATION,
      hasSavingsPlan: true,
      confidence: 'documented',
      source: TIERS,
    },
  ],
  lambdaProvisionedX86: [{ ...documented('0.0000041667'), hasSavingsPlan: true }],
  lambdaProvisionedArm: [{ ...documented('0.0000033334'), hasSavingsPlan: true }],
  lambdaProvisionedDurationX86: [{ ...documented('0.0000097222'), hasSavingsPlan: true }],
  lambdaProvisionedDurationArm: [{ ...documented('0.0000077778'), hasSavingsPlan: true }],
  lambdaEphemeralStorage: [documented('0.0000000309')],
  lambdaSnapStartCache: [documented('0.0000015046')],
  lambdaSnapStartRestore: [documented('0.0001397998')],
  lambdaTenantEnvironments: [documented('0.000167')],
  lambdaResponseStreaming: [
    { ...documented('0.008'), free: { group: 'lambda-response-streaming', units: '100' } },
  ],
  lambdaSqsPollers: [documented('0.00925')],
  lambdaKafkaPollers: [documented('0.185')],
  lambdaManagedInstanceRequests: [documented('0.0000002')],
  lambdaManagedInstanceM7gXlarge: [instance('0.1632')],
  lambdaManagedInstanceM7gLarge: [instance('0.0816')],
  lambdaManagedInstanceC7gLarge: [instance('0.0725')],
  // 15% of the on-demand price of the instance.
  lambdaManagedInstanceFeeM7gXlarge: [documented('0.02448')],
  lambdaManagedInstanceFeeM7gLarge: [documented('0.01224')],
  lambdaManagedInstanceFeeC7gLarge: [documented('0.010875')],
  lambdaDurableOperations: [documented('0.000008')],
  lambdaDurableData: [documented('0.25')],
  lambdaDurableStorage: [documented('0.15')],
}
