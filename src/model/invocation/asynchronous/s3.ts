import { z } from 'zod'
import { invariant } from '../../../kernel/invariant.ts'
import type { EventSourceEntry } from '../../entry.ts'
import { nodeName } from '../../messages/delivery-schema.ts'
import { type FilterSettings, meanShareOf } from '../../messages/filter.ts'
import { filterSchema } from '../../messages/schema.ts'
import { Bucket } from '../../resources/bucket.ts'
import { functionTarget } from './function-target.ts'

interface S3Config {
  readonly bucket: string
  readonly filter?: FilterSettings | undefined
}

/** A notification of a bucket. */
export const s3: EventSourceEntry<S3Config> = {
  kind: 's3',
  model: 'asynchronous',
  summary: 'Each object put into an S3 bucket becomes an asynchronous event of the function.',
  schema: z.strictObject({
    bucket: nodeName('bucket').meta({
      description: 'The bucket whose objects the function is told of.',
      source: 'Lambda developer guide, "Process Amazon S3 event notifications with Lambda"',
    }),
    filter: filterSchema.optional(),
  }),
  references: ({ bucket, filter }) => [
    {
      path: ['bucket'],
      to: bucket,
      sections: ['buckets'],
      role: 'an event source',
      sends: false,
      meanShare: meanShareOf(filter),
    },
  ],
  create: ({ path, config }, qualifier, world) => ({
    path,
    connect() {
      const bucket = world.target(config.bucket, ['buckets'])
      invariant(bucket instanceof Bucket, () => `${config.bucket} is no bucket`)
      bucket.notify(path, functionTarget(qualifier, world), config.filter)
    },
  }),
}
