/** Quotas of Step Functions that an account may have had raised. */
import { z } from 'zod'
import { wholeNumber } from '../../model/units.ts'

const tokenBucket = z.strictObject({
  bucketSize: wholeNumber('bucketSize', 1, 100_000_000).meta({
    description: 'Tokens at most.',
  }),
  refillRate: wholeNumber('refillRate', 1, 100_000_000).meta({
    description: 'Tokens a second.',
  }),
})

export const workflowQuotasSchema = z
  .strictObject({
    startStandard: tokenBucket.optional().meta({
      description: 'StartExecution of Standard workflows.',
    }),
    startExpress: tokenBucket.optional().meta({
      description: 'StartExecution of Express workflows.',
    }),
    stateTransition: tokenBucket.optional().meta({
      description: 'State transitions of Standard workflows.',
    }),
    sendTask: tokenBucket.optional().meta({
      description: 'SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat, which share it.',
    }),
  })
  .prefault({})
  .meta({
    description: 'Quotas of Step Functions that AWS has raised for the account.',
    defaultText: "the Region's",
    source: 'AWS Step Functions developer guide, "Quotas"',
  })
