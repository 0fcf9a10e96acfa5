import { RECEIVES } from '../../messages/message-store.ts'
import type { World } from '../../world.ts'
import type { QueueBacklog } from './queue-settings.ts'

/** Makes the messages that are in a queue at time 0, the first one first. */
export function createBacklog(
  world: World,
  path: string,
  backlog: QueueBacklog,
  put: (message: number, enteredUs: number) => void,
): void {
  const { messages, births } = world
  const { ageUs, receiveCount, shape } = backlog
  const birth = births.add(`${path}/initial`, shape)
  for (let ordinal = 0; ordinal < backlog.messages; ordinal++) {
    const message = messages.create(birth, ordinal, shape.sizeBytes, 0)
    put(message, -ageUs)
    messages.shorts[16 * message + RECEIVES] = receiveCount
  }
}
