import { describe, expect, test } from 'vitest'
import type { AttemptRow } from '../../src/model/attempt-log.ts'
import { attemptColumns, attemptCsvLines } from '../../src/report/attempts-csv.ts'
import { csvHeader, ledgerCsv, summaryCsv } from '../../src/report/csv.ts'
import { callingFunction } from '../support/downstreams.ts'
import { compileText } from '../support/run.ts'
import { row } from './fixtures.ts'

describe('summary.csv', () => {
  const rows = [
    { ...row('function', 'api', 'Invocations', 'sum', 1_200), ci95Low: 1_190, ci95High: 1_210 },
    row('function', 'api', 'Duration', 'p99', 1 / 3),
  ]

  test('of one replication has no interval columns', () => {
    expect(summaryCsv(rows, 1)).toBe(
      'scope,name,metric,statistic,unit,value\n' +
        'function,api,Invocations,sum,count,1200\n' +
        'function,api,Duration,p99,ms,0.333333\n',
    )
  })

  test('of several replications has them, empty where there is no interval', () => {
    expect(summaryCsv(rows, 20)).toBe(
      'scope,name,metric,statistic,unit,value,ci95_low,ci95_high\n' +
        'function,api,Invocations,sum,count,1200,1190,1210\n' +
        'function,api,Duration,p99,ms,0.333333,,\n',
    )
  })

  test('without rows is the header alone', () => {
    expect(summaryCsv([], 1)).toBe('scope,name,metric,statistic,unit,value\n')
  })
})

test('ledger.csv has a line per outcome', () => {
  expect(
    ledgerCsv([
      { scope: 'traffic', name: 'web', outcome: 'entered', count: 12 },
      { scope: 'traffic', name: 'web', outcome: 'succeeded', count: 12 },
    ]),
  ).toBe('scope,name,outcome,count\ntraffic,web,entered,12\ntraffic,web,succeeded,12\n')
})

describe('the invocations file', () => {
  const attempt: AttemptRow = {
    replication: 0,
    arrivedUs: 1_234_567,
    producer: 'web',
    request: 41,
    attempt: 2,
    isLast: true,
    status: 200,
    givenUpBy: '',
    parts: [0, 7_000, 1_500, 0, 100_500, 250_000, 0, 0, 30_000, 20_000, 0],
    partNames: [],
    callerUs: 409_000,
    elapsedUs: 512_000,
    abandonedUs: 0,
    functionName: 'api',
    version: '$LATEST',
    outcome: 'succeeded',
    reason: '',
    start: 'cold',
    spilloverReason: '',
    environment: 3,
    waitUs: 0,
    placementUs: 100_500,
    restoreUs: 0,
    initUs: 250_000,
    durationUs: 30_000.25,
    callUs: 20_000,
    latencyUs: 400_500.25,
  }

  test('has these columns', () => {
    expect(csvHeader(attemptColumns({ parts: [] }))).toBe(
      'replication,time_s,traffic,request,attempt,is_last,function,version,outcome,reason,status,given_up_by,start,spillover_reason,environment,queued_ms,client_wait_ms,front_door_ms,wait_ms,placement_ms,init_ms,restore_ms,suppressed_init_ms,first_invocation_ms,compute_ms,call_ms,back_off_ms,latency_ms,elapsed_ms,abandoned_ms,duration_ms\n',
    )
  })

  test('has columns of its own for each downstream', async () => {
    const compiled = await compileText(callingFunction({ downstreams: DOWNSTREAMS }))
    expect(attemptColumns(compiled).slice(-10)).toEqual([
      'back_off_ms',
      'db.wait_ms',
      'db.connection_ms',
      'db.service_ms',
      'api.wait_ms',
      'api.service_ms',
      'latency_ms',
      'elapsed_ms',
      'abandoned_ms',
      'duration_ms',
    ])
  })

  test('has a line per attempt with its times in milliseconds', () => {
    expect(attemptCsvLines([attempt])).toBe(
      '0,1.234567,web,41,2,true,api,$LATEST,succeeded,,200,,cold,,3,0,7,1.5,0,100.5,250,0,0,30,20,0,409,512,0,50.00025\n',
    )
  })
})

const DOWNSTREAMS = {
  db: { type: 'connection-pool', maxConnections: 5, service: '1ms' },
  api: { type: 'queueing-service', servers: 1, service: '1ms' },
}
