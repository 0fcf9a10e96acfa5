/** US East (N. Virginia). */
import type { PriceList } from '../price-list.ts'
import { dataPrices } from './data.ts'
import { frontDoorPrices } from './front-doors.ts'
import { lambdaPrices } from './lambda.ts'
import { messagingPrices } from './messaging.ts'
import { operationPrices } from './operations.ts'

export const usEast1: PriceList = {
  region: 'us-east-1',
  date: '2026-11-23',
  prices: {
    ...lambdaPrices,
    ...frontDoorPrices,
    ...messagingPrices,
    ...dataPrices,
    ...operationPrices,
  },
}
