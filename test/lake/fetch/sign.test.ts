import { sign } from '../../../lib/exchange/binance/api-key.ts';

// The example of Binance's API documentation, "SIGNED Endpoint Examples for POST /api/v3/order": published, not secret.
const SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j';
const QUERY =
  'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559';

test('signs as the example in the documentation does', () => {
  expect(sign(QUERY, SECRET)).toBe('c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71');
});
