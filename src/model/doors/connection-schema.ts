/** The YAML of connections that a producer opens to a WebSocket API. */
import { z } from 'zod'
import { createDistribution, distributionSchema } from '../distributions/index.ts'
import { duration } from '../units.ts'
import type { ConnectionSettings } from './connections.ts'

export const connectionSchema = z.strictObject({
  duration: distributionSchema(duration).optional().meta({
    description: 'How long clients stay connected: a distribution or a duration, 2h at most.',
    defaultText: 'until the API closes the connection, after 2h or 10m of silence',
  }),
  messageInterval: distributionSchema(duration).optional().meta({
    description:
      'From one message of a connection to the next: a distribution or a duration. Left out: it sends none.',
  }),
  pings: z.boolean({ error: 'pings is true or false' }).prefault(false).meta({
    description:
      'Whether clients send ping frames, so that a connection without messages is not closed after 10m; a ping is no message.',
    source: 'that pings keep a connection open is assumed',
  }),
})

export function connectionSettings({
  duration: stay,
  messageInterval,
  pings,
}: z.output<typeof connectionSchema>): ConnectionSettings {
  return {
    duration: stay === undefined ? null : createDistribution(stay),
    messageInterval: messageInterval === undefined ? null : createDistribution(messageInterval),
    pings,
  }
}
