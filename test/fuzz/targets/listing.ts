import { archiveListing } from '../../../lib/exchange/binance/archive-listing.ts';
import { testClock } from '../../support/clock.ts';
import { answering, exchangeAccess } from '../../support/exchange-access.ts';
import type { FuzzTarget } from '../targets.ts';

const SERIES = { market: 'um', symbol: 'BTCUSDT', interval: '1h' } as const;
const PREFIX = 'data/futures/um/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-';

function page(names: readonly string[], rest = '<IsTruncated>false</IsTruncated>'): Buffer {
  const contents = names.map(
    (name) =>
      `<Contents><Key>${PREFIX}${name}</Key><LastModified>2024-03-04T08:30:00.000Z</LastModified>` +
      `<ETag>&quot;0f&quot;</ETag><Size>1234</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  return Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
      `${rest}${contents.join('')}</ListBucketResult>`,
  );
}

/** The listing of the archive's bucket. */
export function listingTarget(): FuzzTarget {
  const months = ['2024-01', '2024-02'];
  return {
    name: 'listing',
    samples: [
      page(months.flatMap((month) => [`${month}.zip`, `${month}.zip.CHECKSUM`])),
      page(['2024-01.zip'], '<IsTruncated>true</IsTruncated><NextMarker>x</NextMarker>'),
      page([], '<CommonPrefixes><Prefix>data/futures/um/monthly/klines/BTCUSDT/</Prefix></CommonPrefixes>'),
      Buffer.from('<ListBucketResult/>'),
    ],
    errors: ['UnexpectedFormat'],
    async read(bytes) {
      const listing = archiveListing(exchangeAccess(testClock(0), 'http://archive', answering(bytes)));
      const files = await listing.files(SERIES, 'archive_monthly');
      for (const { range, sizeBytes } of files) {
        new Date(range.fromMs).toISOString();
        if (!Number.isSafeInteger(sizeBytes)) throw new Error(`file is ${sizeBytes} bytes long`);
      }
      await listing.symbols('um');
    },
  };
}
