/** The kinds of front doors. A new one is a file in this folder and a line in this list. */
import { alb } from './alb.ts'
import { functionUrl } from './function-url.ts'
import { httpApi } from './http-api.ts'
import type { DoorProtocol } from './protocol.ts'
import { restApi } from './rest-api.ts'
import { websocketApi } from './websocket-api.ts'

export const PROTOCOLS: readonly DoorProtocol[] = [restApi, httpApi, websocketApi, alb, functionUrl]

export function protocolOf(kind: string): DoorProtocol {
  const protocol = PROTOCOLS.find((candidate) => candidate.kind === kind)
  if (protocol === undefined) throw new RangeError(`there is no protocol ${kind}`)
  return protocol
}
