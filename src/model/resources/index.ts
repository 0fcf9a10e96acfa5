/** The sorts of resources. A new one is a file in this folder and a line in this list. */

import { capacityProvider } from '../compute/managed-instances/capacity-provider.ts'
import { api } from '../doors/index.ts'
import { downstream } from '../downstream/index.ts'
import type { ResourceEntry } from '../entry.ts'
import { natGateway } from '../network/nat-gateway.ts'
import { subnet } from '../network/subnet.ts'
import { vpc } from '../network/vpc.ts'
import { stateMachine } from '../workflow/index.ts'
import { bucket } from './bucket.ts'
import { bus } from './bus.ts'
import { queue } from './queue/queue-entry.ts'
import { stream } from './stream/entry.ts'
import { table } from './table/entry.ts'
import { topic } from './topic.ts'

export const RESOURCES: readonly ResourceEntry<never, never>[] = [
  queue,
  topic,
  bus,
  stream,
  table,
  bucket,
  downstream,
  api,
  vpc,
  subnet,
  natGateway,
  capacityProvider,
  stateMachine,
]
