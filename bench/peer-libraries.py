"""Times the shared indicators in one Python library, over candles from a file of float64.

It answers rounds with CPU ms. Arguments: library, file (open, high, low, close, volume, one after the other).
Single-threaded: the caller sets the environment. Every library gets the form of input that suits it, made beforehand:
numpy arrays, Series or a polars frame.
"""
import ctypes
import glob
import importlib.metadata
import os
import sys
import time

import numpy as np
from contestant import serve


def talib_python(c):
    """TA-Lib's wheel: C over numpy arrays, outputs allocated by each call."""
    import talib as t
    o, h, l, x, v = c
    return {
        "sma_20": lambda: t.SMA(x, 20), "ema_20": lambda: t.EMA(x, 20), "wma_20": lambda: t.WMA(x, 20),
        "rsi_14": lambda: t.RSI(x, 14), "macd_12_26_9": lambda: t.MACD(x, 12, 26, 9),
        "bbands_20_2_upper": lambda: t.BBANDS(x, 20, 2.0, 2.0, 0), "atr_14": lambda: t.ATR(h, l, x, 14),
        "adx_14": lambda: t.ADX(h, l, x, 14), "stoch_14_3_3_k": lambda: t.STOCH(h, l, x, 14, 3, 0, 3, 0),
        "stochrsi_14_14_3_k": lambda: t.STOCHRSI(x, 14, 14, 3, 0), "cci_20": lambda: t.CCI(h, l, x, 20),
        "obv": lambda: t.OBV(x, v), "mfi_14": lambda: t.MFI(h, l, x, v, 14),
        "willr_14": lambda: t.WILLR(h, l, x, 14), "roc_10": lambda: t.ROC(x, 10),
        "sar_0p02_0p2": lambda: t.SAR(h, l, 0.02, 0.2), "trix_15": lambda: t.TRIX(x, 15),
    }, importlib.metadata.version("TA-Lib")


def talib_c(c):
    """The C library inside the wheel, called by ctypes, outputs allocated once and reused."""
    import talib
    import numpy.ctypeslib  # noqa: F401
    folder = os.path.join(os.path.dirname(os.path.dirname(talib.__file__)), "ta_lib.libs")
    lib = ctypes.CDLL(glob.glob(os.path.join(folder, "libta-lib*"))[0])
    lib.TA_Initialize()
    rows = len(c[0])
    outs = [np.empty(rows) for _ in range(3)]
    begin, count = ctypes.c_int(), ctypes.c_int()

    def call(name, inputs, options, outputs):
        function = getattr(lib, "TA_" + name)
        pointer = lambda a: a.ctypes.data_as(ctypes.POINTER(ctypes.c_double))
        options = [ctypes.c_double(p) if isinstance(p, float) else ctypes.c_int(p) for p in options]
        arguments = [ctypes.c_int(0), ctypes.c_int(rows - 1), *map(pointer, inputs), *options,
                     ctypes.byref(begin), ctypes.byref(count), *map(pointer, outs[:outputs])]

        def run():
            code = function(*arguments)
            if code != 0 or count.value == 0:
                raise RuntimeError(f"TA_{name} gave {code}")
        return run

    o, h, l, x, v = c
    return {
        "sma_20": call("SMA", [x], [20], 1), "ema_20": call("EMA", [x], [20], 1), "wma_20": call("WMA", [x], [20], 1),
        "rsi_14": call("RSI", [x], [14], 1), "macd_12_26_9": call("MACD", [x], [12, 26, 9], 3),
        "bbands_20_2_upper": call("BBANDS", [x], [20, 2.0, 2.0, 0], 3), "atr_14": call("ATR", [h, l, x], [14], 1),
        "adx_14": call("ADX", [h, l, x], [14], 1), "stoch_14_3_3_k": call("STOCH", [h, l, x], [14, 3, 0, 3, 0], 2),
        "stochrsi_14_14_3_k": call("STOCHRSI", [x], [14, 14, 3, 0], 2), "cci_20": call("CCI", [h, l, x], [20], 1),
        "obv": call("OBV", [x, v], [], 1), "mfi_14": call("MFI", [h, l, x, v], [14], 1),
        "willr_14": call("WILLR", [h, l, x], [14], 1), "roc_10": call("ROC", [x], [10], 1),
        "sar_0p02_0p2": call("SAR", [h, l], [0.02, 0.2], 1), "trix_15": call("TRIX", [x], [15], 1),
    }, importlib.metadata.version("TA-Lib")


def pandas_ta(c):
    """pandas-ta-classic by its own code: if TA-Lib is installed, it would otherwise call that."""
    import pandas as pd
    import pandas_ta_classic as t
    own = {"talib": False}
    index = pd.date_range("2015-01-01", periods=len(c[0]), freq="min")
    o, h, l, x, v = (pd.Series(column, index=index) for column in c)
    return {
        "sma_20": lambda: t.sma(x, 20, **own), "ema_20": lambda: t.ema(x, 20, **own),
        "wma_20": lambda: t.wma(x, 20, **own), "rsi_14": lambda: t.rsi(x, 14, **own),
        "macd_12_26_9": lambda: t.macd(x, 12, 26, 9, **own),
        "bbands_20_2_upper": lambda: t.bbands(x, 20, 2.0, **own), "atr_14": lambda: t.atr(h, l, x, 14, **own),
        "adx_14": lambda: t.adx(h, l, x, 14, **own), "stoch_14_3_3_k": lambda: t.stoch(h, l, x, 14, 3, 3, **own),
        "stochrsi_14_14_3_k": lambda: t.stochrsi(x, 14, 14, 1, 3, **own), "cci_20": lambda: t.cci(h, l, x, 20, **own),
        "obv": lambda: t.obv(x, v, **own), "mfi_14": lambda: t.mfi(h, l, x, v, 14, **own),
        "willr_14": lambda: t.willr(h, l, x, 14, **own), "roc_10": lambda: t.roc(x, 10, **own),
        "sar_0p02_0p2": lambda: t.psar(h, l, x, 0.02, 0.02, 0.2, **own), "trix_15": lambda: t.trix(x, 15, **own),
    }, importlib.metadata.version("pandas-ta-classic")


def polars_talib(c):
    """TA-Lib as a plugin of polars expressions."""
    import polars as pl
    import polars_talib as t
    frame = pl.DataFrame(dict(zip(("open", "high", "low", "close", "volume"), c)))
    o, h, l, x, v = (pl.col(name) for name in frame.columns)
    select = lambda expression: lambda: frame.select(expression.alias("out"))
    return {
        "sma_20": select(t.sma(x, 20)), "ema_20": select(t.ema(x, 20)), "wma_20": select(t.wma(x, 20)),
        "rsi_14": select(t.rsi(x, 14)), "macd_12_26_9": select(t.macd(x, 12, 26, 9)),
        "bbands_20_2_upper": select(t.bbands(x, 20, 2.0, 2.0, 0)), "atr_14": select(t.atr(h, l, x, 14)),
        "adx_14": select(t.adx(h, l, x, 14)), "stoch_14_3_3_k": select(t.stoch(h, l, x, 14, 3, 0, 3, 0)),
        "stochrsi_14_14_3_k": select(t.stochrsi(x, 14, 14, 3, 0)), "cci_20": select(t.cci(h, l, x, 20)),
        "obv": select(t.obv(x, v)), "mfi_14": select(t.mfi(h, l, x, v, 14)), "willr_14": select(t.willr(h, l, x, 14)),
        "roc_10": select(t.roc(x, 10)), "sar_0p02_0p2": select(t.sar(h, l, 0.02, 0.2)),
        "trix_15": select(t.trix(x, 15)),
    }, importlib.metadata.version("polars-talib")


def vectorbt(c):
    """vectorbt has seven of them; its kernels are compiled in the warm-up."""
    import vectorbt as t
    o, h, l, x, v = c
    return {
        "sma_20": lambda: t.MA.run(x, 20), "ema_20": lambda: t.MA.run(x, 20, ewm=True),
        "rsi_14": lambda: t.RSI.run(x, 14, ewm=True), "macd_12_26_9": lambda: t.MACD.run(x, 12, 26, 9, True, True),
        "bbands_20_2_upper": lambda: t.BBANDS.run(x, 20, alpha=2.0), "atr_14": lambda: t.ATR.run(h, l, x, 14, ewm=True),
        "stoch_14_3_3_k": lambda: t.STOCH.run(h, l, x, 14, 3), "obv": lambda: t.OBV.run(x, v),
    }, importlib.metadata.version("vectorbt")


LIBRARIES = {
    "talib-c": talib_c, "talib": talib_python, "polars-talib": polars_talib, "pandas-ta": pandas_ta,
    "vectorbt": vectorbt,
}


def main():
    library, path = sys.argv[1:]
    indicators, version = LIBRARIES[library](list(np.fromfile(path).reshape(5, -1)))

    def run():
        parts, failed = {}, []
        for name, calculate in indicators.items():
            begin = time.process_time()
            try:
                calculate()
            except Exception as error:  # A library may lack or refuse one of them: the others still count.
                failed.append(f"{name}: {type(error).__name__}: {error}"[:120])
            else:
                parts[name] = 1000 * (time.process_time() - begin)
        return {"parts": parts, "note": "; ".join([f"{library} {version}", *failed])}

    serve(run)


main()
