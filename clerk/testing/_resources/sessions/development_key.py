"""The RSA key that the local service signs tokens with.

Everybody has it, so it proves nothing: no service may trust what it signed, and it opens nothing of Clerk's. It comes
with the package since making one takes longer than all else that the service does when it starts.
"""

from __future__ import annotations

PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCMxgrVjHVWSxJ/
bwV9l8TwIpV9/NqAfaxkMTvhtBU1h95u9IHiH8zB82Gnrx1R8hkQ5VSIe7fMr9bA
jgIMB3gPkwDkB0WeWVWWQDLtt0LwP2ABFqUW2PYA4mepsvFdli7VxhVrauanEDOF
MBroYJF6ay6tEJ4QpflTQ1Vzt9UN+YFWKiWfeSvpxPxJZ19Q5s653ynGfHtq77K1
gvE63idGeB+FaTEJhWan+vZ5bwp84/pdeDbJWT+nrt6BaDLXPwZmoXaKcbNSX6Sx
GE0w8oma9tMAZGPE4iJrIoWWQm3m+RpyEwUYIXpitmUK3m07HaW0MWB24Yh7QlKd
/5MeDVLtAgMBAAECggEAA4IPP2QZK8sszP/WGgZKskCXthneKL6OVGQvsv+wWZ2n
ADUtTsEZHVTfKvUVB3eU1/7HB6xW7Q24Dc4Gz12Y8yu9esaS8w+/L20ud7hjPXvE
J4gfbr19tTxEdg5PWn7axZlX66MwgpryQGWYU2XN/516fnXqt80oX0Kkd1ZDmRiv
Af/bNpK36VsgldxIcPJcESf3c2BUL0NzZhuYQwKmRClXOl1msw0zjYfRXutPm1E7
tnPWx7yGBzmDZEKGNOkIOUCB88HygeVMVqlSS3TAbhxSWbBhecQtmO4/kVET67bg
qnNzu362AzZLepwWOlRTJ3tagmtvkmkbaZcW5H2voQKBgQC/p0q5vEJ9TAmyrRVq
UWCQRLk6xATc/h2ZTY0S7M+TKECp8GinXfPmV4jzEFvm63Q/SPH0hws8G1pB836Y
BGTQ+R8MIcq0a7JjfpBAflL52W3uZ/d6pPeZSlywI6z9Jy16xCrhE0/gxF8kekj3
DqWakHXGmNA6GbvlY+Cy2so/8QKBgQC8CZm2YZ4dI8yyMP4gYc/qJj68Wf6tF8nR
eXcaiG8yuiQDb3CoHQTn1nzK1qrROk7jBcFyruKmgPxXuV8sTG1nGW2+rEemVd6e
3LzURrgjEitsZF/FIJjxMYRdUGpZWPjxh7GCraybEUTvR0Q2O4jsQ41PB0aGPAHr
9IXj2vv+vQKBgGhHk04qVBcu51vz92II8zysWAjUnTzNe7dtTeRNO8h7L2wH5jmi
0lGzsU1nykmENZU1kIkXbZJ/44VdArWeNmjKFA2a2Vt/+elO9RhSY72Ug88jfLGb
zyj2ICaq0rZPudxBnn8m7eCDmK0VaFwc+Rh3n822Wh4y4Fy5EorepwtRAoGAHcg3
fFeBv4PIDAEOfvp+/8sG7LYkTC4UXQUsBBvP4Ozyf0jLQxU1jbK/GTFe5LyjefmT
ZiKk61JKpWpK1K1WNpokc6q9vm6jT+4OSmDZEVTzY7uSH5rGHo2FNXJjJbud0kN3
rgbr67OUg4F6IEzVpvYcD4RLez9N3p1gB3LLrtECgYA9F/2mqFfTr9Ue/mvSr7Hl
sHTZMb5l0vo9N2gydtrinCxhnC0IpfK386aHfTCCsBEF6dIbRotwzzZptxzMKzWn
IXuiG3HHBKzpVo5WUZfY4itYbOVGWtzrv3U8oSIL3QVX+Jc+0ou7Wv1dF1AP2U1B
O1gsTvr8rXr6em8ME2ZunA==
-----END PRIVATE KEY-----
"""
MODULUS = (
    "jMYK1Yx1VksSf28FfZfE8CKVffzagH2sZDE74bQVNYfebvSB4h_MwfNhp68dUfIZEOVUiHu3zK_WwI4CDAd4D5MA5AdFnllVlkAy"
    "7bdC8D9gARalFtj2AOJnqbLxXZYu1cYVa2rmpxAzhTAa6GCRemsurRCeEKX5U0NVc7fVDfmBVioln3kr6cT8SWdfUObOud8pxnx7"
    "au-ytYLxOt4nRngfhWkxCYVmp_r2eW8KfOP6XXg2yVk_p67egWgy1z8GZqF2inGzUl-"
    "ksRhNMPKJmvbTAGRjxOIiayKFlkJt5vkachMFGCF6YrZlCt5tOx2ltDFgduGIe0JSnf-THg1S7Q"
)
"""The public key's modulus, in the base 64 of RFC 7518."""
EXPONENT = "AQAB"
"""The public key's exponent, in the same form."""
